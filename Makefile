# Every target is a command of bootstrap.py, which works without make too: python3 bootstrap.py help
# Further arguments: make test ARGS="-k search", make run ARGS="--port 8010",
# make test-w3c W3C=../shared/w3c

PYTHON ?= python3

.PHONY: help setup run test test-web test-hostile test-bombs test-clients test-w3c bench lint lock wheels dist
help setup run test test-web test-hostile test-bombs test-clients test-w3c bench lint lock wheels dist:
	@$(PYTHON) bootstrap.py $@ $(ARGS)

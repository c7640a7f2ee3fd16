# Every target is a command of bootstrap.py, which works without make too: python3 bootstrap.py help
# Further arguments: make test ARGS="-k search", make run ARGS="--port 8010"

PYTHON ?= python3

.PHONY: help setup run test test-web test-hostile lint lock wheels dist
help setup run test test-web test-hostile lint lock wheels dist:
	@$(PYTHON) bootstrap.py $@ $(ARGS)

@echo off
rem Sets up what is missing, then serves. Needs Python 3.11 or newer from python.org or the Store.
cd /d "%~dp0"
py -3 -X utf8 bootstrap.py run %*
if errorlevel 1 pause

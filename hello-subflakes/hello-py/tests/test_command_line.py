"""The command line, run as a user runs it."""

import subprocess
import sys
import unittest


def hello(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hello_py", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


class CommandLine(unittest.TestCase):
    def test_prints_the_greeting_and_nothing_else(self) -> None:
        done = hello("--locale", "de", "Ada")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "Hallo, Ada!\n", ""))

    def test_exits_with_65_and_the_kind_when_there_is_no_greeting(self) -> None:
        done = hello(" ")
        self.assertEqual((done.returncode, done.stdout), (65, ""))
        self.assertTrue(done.stderr.startswith("hello-py: empty-name: "), done.stderr)

    def test_exits_with_64_and_the_usage_on_wrong_arguments(self) -> None:
        for arguments in ([], ["--loud", "Ada"], ["Ada", "Grace"]):
            with self.subTest(arguments=arguments):
                done = hello(*arguments)
                self.assertEqual(done.returncode, 64)
                self.assertTrue(done.stderr.startswith("usage: hello-py"), done.stderr)

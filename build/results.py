"""Reads the .trx files of a folder: prints each failed test with its message, then the counts on one line.

Usage: results.py FOLDER. Prints last: PASSED FAILED SKIPPED.
"""
import pathlib
import sys
import xml.etree.ElementTree as ET

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
MESSAGE_LINES = 12
MESSAGE_CHARACTERS = 300


def main(folder: pathlib.Path) -> None:
    total = executed = passed = 0
    for file in sorted(folder.glob("*.trx")):
        try:
            root = ET.parse(file).getroot()
        except ET.ParseError as error:
            # The process died while it wrote: what it ran is unknown, so it counts as a failure.
            print(f"failed: {file.name} cannot be read: {error}", file=sys.stderr)
            total += 1
            executed += 1
            continue
        counters = root.find(f".//{NAMESPACE}Counters")
        total += int(counters.get("total"))
        executed += int(counters.get("executed"))
        passed += int(counters.get("passed"))
        for result in root.iter(f"{NAMESPACE}UnitTestResult"):
            if result.get("outcome") == "Failed":
                print(f"failed: {result.get('testName')}", file=sys.stderr)
                for line in (result.findtext(f".//{NAMESPACE}Message") or "").splitlines()[:MESSAGE_LINES]:
                    print(f"    {line[:MESSAGE_CHARACTERS]}", file=sys.stderr)
    print(passed, executed - passed, total - executed)


main(pathlib.Path(sys.argv[1]))

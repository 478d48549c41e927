"""The authors' command: python -m mlops init | test | pack | keygen | sign | verify."""
import argparse
import glob
import os
import sys

from . import _author, _local
from ._findings import PackageError


def main(arguments=None):
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        return 0
    except PackageError as error:
        print(error, file=sys.stderr)
    except _local.PackageFailed as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or options.command}: {error.strerror or error}.", file=sys.stderr)
    return 1


def _parser():
    parser = argparse.ArgumentParser(prog="python -m mlops", description="Write, test, pack and sign workflow packages.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="init | test | pack | keygen | sign | verify")

    init = _command(commands, "init", _init, "write a small package that works, to begin with")
    init.add_argument("name", metavar="NAME", help="name of the workflow and its folder")

    test = _command(commands, "test", _test, "check a package and run it as a node would", package=True)
    test.add_argument("--csv", metavar="FILE", help="rows to train on; default: the package's sample.csv")
    test.add_argument("--label", metavar="COLUMN", help="column with the truth; default: the manifest's label")
    test.add_argument("--holdout", metavar="PART", type=float, default=0.2, help="part of the rows kept back to judge the model (default 0.2)")

    pack = _command(commands, "pack", _pack, "check a package and write it as a zip, the same bytes each time", package=True)
    pack.add_argument("-o", "--output", metavar="FILE", help="default: NAME-VERSION.zip in the current folder")

    keygen = _command(commands, "keygen", _keygen, "make a pair of keys: NAME.key to sign with, NAME.pub for the nodes")
    keygen.add_argument("name", metavar="NAME", help="name by which nodes trust the key")
    keygen.add_argument("-o", "--output", metavar="FOLDER", default=".")

    sign = _command(commands, "sign", _sign, "sign a package, in place", package=True)
    sign.add_argument("--key", metavar="FILE", required=True, help="the private key")
    sign.add_argument("--name", help="name of the key on the nodes; default: the name of its file")

    verify = _command(commands, "verify", _verify, "check who signed a package and that nothing changed since", package=True)
    verify.add_argument("--key", metavar="FILE", action="append", default=[], help="a trusted public key; may be repeated")
    verify.add_argument("--keys", metavar="FOLDER", help="a folder of trusted public keys, *.pub and *.pem")
    return parser


def _command(commands, name, run, text, package=False):
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    command.set_defaults(run=run)
    if package:
        command.add_argument("package", nargs="?", default=".", metavar="FOLDER|ZIP", help="default: the current folder")
    return command


def _init(options):
    folder = _author.init(options.name)
    print(f"wrote {folder}. Next: python -m mlops test {folder}")


def _test(options):
    _local.test(options.package, options.csv, options.label, options.holdout)


def _pack(options):
    path, digest = _author.pack(options.package, options.output)
    print(f"packed {path}, digest {digest}")


def _keygen(options):
    os.makedirs(options.output, exist_ok=True)
    private, public = _author.keygen(options.name, options.output)
    print(f"wrote {private}, which stays with you, and {public}, which nodes are given")


def _sign(options):
    print(f"signed {options.package} by {_author.sign(options.package, options.key, options.name)}")


def _verify(options):
    folder = [path for end in ("pub", "pem") for path in sorted(glob.glob(os.path.join(glob.escape(options.keys), f"*.{end}")))] if options.keys else []
    key, digest = _author.verify(options.package, options.key + folder)
    print(f"verified {options.package}: signed by {key}, digest {digest}")


if __name__ == "__main__":
    sys.exit(main())

# Sourced by demo, test and soak: checks the tools that must be there and installs Debian packages that are missing.
# Once everything is there, nothing here touches the network.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

need_tools() {
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing. Install it from https://dot.net and try again."
  command -v node >/dev/null || fail "Node.js is missing. Install it (version 20 or newer) and try again."
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "'$*' needs root. Run it as root, or install sudo."
  fi
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# need_packages NAME...: installs what is missing; a mosquitto that comes along is not started as a service.
need_packages() {
  local missing=() name
  command -v dpkg-query >/dev/null || return 0
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] && return 0
  echo "Installing ${missing[*]}"
  as_root apt-get update -qq || fail "apt-get update failed. Check the network and /etc/apt/sources.list."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "these Debian packages could not be installed: ${missing[*]}. Install them and try again."
}

need_python() {
  command -v dpkg-query >/dev/null || return 0
  need_packages python3
  # The library's package is named after Debian's Python, which need not be the first python3 on PATH.
  local version
  version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  need_packages "libpython$version" python3-numpy python3-sklearn python3-pandas libopenblas0-pthread
}

need_brokers() {
  need_packages mosquitto mosquitto-clients python3-paho-mqtt paho.mqtt.c-examples
  need_npm_peers
}

# need_chromium: the browser in which tests use the pages.
need_chromium() {
  need_packages chromium fonts-liberation
}

# need_tracing: shows a test what the kernel sees of a node.
need_tracing() {
  need_packages strace
}

# need_cameras: what reads cameras, a camera to read, and other readers of pictures.
need_cameras() {
  need_packages libaravis-0.8-0 aravis-tools libturbojpeg0 python3-pil python3-scipy
}

# need_xgboost: whose models are converted to ONNX where a workflow uses it.
need_xgboost() {
  need_packages python3-xgboost
}

# need_npm_peers: implementations of MQTT and OPC UA on Node.js that tests talk to.
need_npm_peers() {
  need_npm tests/peers
}

# need_benchmark_peers: what benchmarks compare with on Node.js.
need_benchmark_peers() {
  need_npm benchmarks/peers --ignore-scripts
}

# need_npm FOLDER [OPTION...]: its packages, of the versions and hashes in its lock file.
need_npm() {
  local peers=$root/$1
  shift
  cmp -s "$peers/package-lock.json" "$peers/node_modules/.installed-lock.json" && return 0
  echo "Installing the npm packages of ${peers#"$root"/}"
  npm ci --prefix "$peers" --silent "$@" || fail "npm ci failed in ${peers#"$root"/}. Check the network and npm's registry setting."
  cp "$peers/package-lock.json" "$peers/node_modules/.installed-lock.json"
}

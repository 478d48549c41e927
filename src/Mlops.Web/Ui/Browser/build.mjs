// Builds the pages into obj/ui, each file also in compressed form. The .NET build runs this; it needs the network only when
// package-lock.json has changed since the packages were installed. Builds that run beside each other take turns.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = dirname(fileURLToPath(import.meta.url));
const lockFolder = join(folder, 'obj', 'building');
const installed = join(folder, 'node_modules', '.installed-lock.json');
const patience = 10 * 60 * 1000;

function run(script, ...args) {
  execFileSync(process.execPath, [script, ...args], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function takeTurn() {
  mkdirSync(join(folder, 'obj'), { recursive: true });
  const owner = join(lockFolder, 'pid');
  const end = Date.now() + patience;
  for (;;) {
    try {
      mkdirSync(lockFolder);
      writeFileSync(owner, String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST')
        throw error;
    }
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0;
    if (pid > 0 && !isAlive(pid))
      rmSync(lockFolder, { recursive: true, force: true });
    else if (Date.now() > end)
      throw new Error(`Another build has been at it for ten minutes. If none runs, delete ${lockFolder}.`);
    else
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function isInstalled() {
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(join(folder, 'package-lock.json'), 'utf8');
}

function install() {
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  } catch {
    throw new Error(`npm ci failed in ${folder}. Check the network and npm's registry setting.`);
  }
  copyFileSync(join(folder, 'package-lock.json'), installed);
}

function* filesBelow(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const full = join(path, entry.name);
    if (entry.isDirectory())
      yield* filesBelow(full);
    else
      yield full;
  }
}

function compress(path) {
  for (const file of [...filesBelow(path)].filter(f => /\.(js|css|svg|json)$/.test(f))) {
    const content = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: statSync(file).size } }));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}

takeTurn();
try {
  if (!isInstalled())
    install();
  run('node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn');
  const next = join(folder, 'obj', 'next');
  const done = join(folder, 'obj', 'ui');
  renameSync(join(next, 'packages.json'), join(folder, 'obj', 'packages.json'));
  compress(next);
  rmSync(done, { recursive: true, force: true });
  renameSync(next, done);
} catch (error) {
  console.error(`error : ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(lockFolder, { recursive: true, force: true });
}

import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Writes the names and licences of the packages that the bundle carries, so that a test can compare the notices with them. */
export function bundledPackages(): Plugin {
  return {
    name: 'bundled-packages',
    apply: 'build',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap(file => (file.type === 'chunk' ? file.moduleIds : []));
      const folders = new Set(modules.flatMap(id => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id.replace(/^\0/, '')) ?? []));
      const packages = [...folders].map(folder => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { name: string; license?: string });
      this.emitFile({
        type: 'asset',
        fileName: 'packages.json',
        source: JSON.stringify(packages.map(p => ({ name: p.name, license: p.license })).sort((a, b) => a.name.localeCompare(b.name)), null, 2) + '\n',
      });
    },
  };
}

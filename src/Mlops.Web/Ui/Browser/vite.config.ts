import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { bundledPackages } from './bundledPackages.ts';

// The node that `npm run dev` asks.
const node = process.env.MLOPS_NODE ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // The place under which a host maps the pages is known only when it answers: it writes it into index.html.
  base: './',
  plugins: [react(), bundledPackages()],
  server: { proxy: { '/api': node, '/v2': node, '/openapi': node, '/metrics': node } },
  build: {
    outDir: 'obj/next',
    emptyOutDir: true,
    // Not assets/: that is a page.
    assetsDir: 'static',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx'], environment: 'node' },
});

/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The API during development: a running `yuheng serve`.
const api = process.env.YUHENG_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  // The guide is built in, and stands beside this folder.
  server: { port: 5173, fs: { allow: ['..'] }, proxy: { '/api': { target: api, changeOrigin: false } } },
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // What every page needs in a few files instead of fifty: fewer round trips on a slow line.
        codeSplitting: {
          groups: [
            {
              name: 'vendor',
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|i18next|react-i18next|openapi-fetch)[\\/]/,
            },
            { name: 'shared', test: /src[\\/](api|shared[\\/](ui|lib|table|i18n))[\\/]/ },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    testTimeout: 60_000,
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
  },
});

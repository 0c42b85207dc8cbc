// The pages around the mini program: the phone alone (app.html), and the desk it lies on (index.html).
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const FRAME = fileURLToPath(new URL('../frame', import.meta.url));

/** Writes app.html, index.html, frame.js and frame.css; tokens.css is the portal's, never a copy kept here. */
export async function frame(output, tokens) {
  for (const name of ['app.html', 'index.html']) fs.copyFileSync(path.join(FRAME, name), path.join(output, name));
  fs.copyFileSync(tokens, path.join(output, 'tokens.css'));
  await esbuild.build({
    entryPoints: [path.join(FRAME, 'frame.js'), path.join(FRAME, 'frame.css')],
    outdir: output,
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    logLevel: 'silent',
  });
}

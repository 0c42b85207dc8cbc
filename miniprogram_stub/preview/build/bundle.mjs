// One script out of the runtime, the templates and the mini program's own scripts.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { isPlain, scopeOf } from './styles.mjs';

const RUNTIME = fileURLToPath(new URL('../runtime/index.js', import.meta.url));
const STYLE = fileURLToPath(new URL('../runtime/style.css', import.meta.url));

/** Writes app.js and runtime.css to the output folder. */
export async function bundle(app, templates, output, apiBase) {
  await esbuild.build({
    stdin: { contents: entry(app, templates), resolveDir: app.root, sourcefile: 'preview-entry.js' },
    outfile: path.join(output, 'app.js'),
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    sourcemap: 'linked',
    logLevel: 'silent', // what is wrong arrives as an exception, once
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [ownConfig(app.root, apiBase)],
  });
  await esbuild.build({
    entryPoints: [STYLE],
    bundle: true,
    outfile: path.join(output, 'runtime.css'),
    logLevel: 'silent',
  });
}

function entry(app, templates) {
  const literal = JSON.stringify;
  const lines = [
    `import { codeSpace, define, start, startApp } from ${literal(RUNTIME)}`,
    `const templates = (() => { return ${templates} })()`,
  ];
  for (const [unit, config] of app.units) {
    lines.push(`codeSpace.addComponentStaticConfig(${literal(unit)}, ${literal(config)})`);
    if (!isPlain(config)) lines.push(`codeSpace.addStyleSheet(${literal(unit)}, undefined, ${literal(scopeOf(unit))})`);
    lines.push(
      `codeSpace.addCompiledTemplate(${literal(unit)}, { groupList: templates, content: templates[${literal(unit)}], fallbackListenerOnNativeNode: true })`,
    );
  }
  lines.push(`start(${literal({ ...app.config, pages: app.pages })}, () => {`);
  lines.push(`startApp(() => require(${literal(path.join(app.root, 'app.js'))}))`);
  for (const unit of app.units.keys()) {
    lines.push(`define(${literal(unit)}, () => require(${literal(path.join(app.root, `${unit}.js`))}))`);
  }
  lines.push('})');
  return lines.join('\n');
}

/** config.js names the server of the released mini program; the preview's is the one it came from. */
function ownConfig(root, apiBase) {
  return {
    name: 'own-config',
    setup(build) {
      build.onLoad({ filter: /[/\\]config\.js$/ }, ({ path: file }) =>
        path.dirname(file) === root
          ? { contents: `module.exports = { apiBase: ${JSON.stringify(apiBase)} }` }
          : undefined,
      );
    },
  };
}

// Bundle the front end into src/lunheng/web/static/dist (git-ignored): app.js, app.css, chart.js.
// No source maps, so that the manifest storage finds every file the bundles name.
import { build } from "esbuild";
import { rm } from "node:fs/promises";

const source = "src/lunheng/web/assets";
const outdir = "src/lunheng/web/static/dist";

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: [`${source}/app.js`, `${source}/chart.js`, `${source}/app.css`],
  outdir,
  bundle: true,
  minify: true,
  sourcemap: false,
  legalComments: "none",
  target: "es2019",
  charset: "utf8",
  logLevel: "warning",
});

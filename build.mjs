// Bundle the front end into src/lunheng/web/static/dist (git-ignored): app.js, app.css, chart.js, chance.js, verify.js.
// No source maps, so that the manifest storage finds every file the bundles name.
import { build } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";

const source = "src/lunheng/web/assets";
const outdir = "src/lunheng/web/static/dist";

await rm(outdir, { recursive: true, force: true });
const settings = {
  outdir,
  bundle: true,
  minify: true,
  sourcemap: false,
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
};
await build({
  ...settings,
  entryPoints: [`${source}/app.js`, `${source}/chart.js`, `${source}/app.css`],
  target: "es2019",
});
// What makes and promises random numbers computes as the verifier does, in big integers.
await build({ ...settings, entryPoints: [`${source}/chance.js`], target: "es2020" });

// The verifier is not minified or rewritten: what runs in the browser is what people can read and carry away.
const verifiers = "src/lunheng/verifiers";
const parts = ["verify_draw.js", "verify_ledger.js", "verify_page.js"].map((name) => readFile(`${verifiers}/${name}`, "utf8"));
await writeFile(`${outdir}/verify.js`, (await Promise.all(parts)).join("\n"));

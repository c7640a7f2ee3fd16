// Builds the pages' scripts and style sheets into api/static/dist.
// Entry points are src/*.ts and src/*.css; a leading "_" marks a part that only others import.
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "..", "static", "dist");

const isEntryPoint = (name) => /\.(ts|css)$/.test(name) && !/^_|\.d\.ts$/.test(name);

// What an earlier build left must not be served beside the new files.
rmSync(target, { recursive: true, force: true });

await build({
  absWorkingDir: here,
  entryPoints: readdirSync(source).filter(isEntryPoint).map((name) => join(source, name)),
  outdir: target,
  bundle: true,
  // Smaller as its authors packed it than as esbuild packs it from source.
  alias: { cytoscape: "cytoscape/dist/cytoscape.esm.min.mjs" },
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "linked",
  loader: { ".svg": "file", ".woff2": "file" },
  logLevel: "warning",
});

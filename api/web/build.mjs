// Builds the pages' scripts and style sheet into api/static/dist.
// Entry points are src/*.ts (a leading "_" marks a part that only others import) and src/main.css.
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "..", "static", "dist");

const isEntryPoint = (name) => (name.endsWith(".ts") && !/^_|\.d\.ts$/.test(name)) || name === "main.css";

// What an earlier build left must not be served beside the new files.
rmSync(target, { recursive: true, force: true });

await build({
  entryPoints: readdirSync(source).filter(isEntryPoint).map((name) => join(source, name)),
  outdir: target,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "linked",
  loader: { ".svg": "file", ".woff2": "file" },
  logLevel: "warning",
});

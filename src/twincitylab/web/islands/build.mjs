// Builds what the pages load: islands, styles and the land of the world map, each with a .gz beside it.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { landRings, landPicture } from "./land.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "web", "dist");

async function bundle() {
  const result = await build({
    entryPoints: {
      search: join(here, "search.ts"),
      map: join(here, "map.ts"),
      matches: join(here, "matches.ts"),
      pair: join(here, "pair.ts"),
      needs: join(here, "needs.ts"),
      topics: join(here, "topics.ts"),
      passkeys: join(here, "passkeys.ts"),
      site: join(here, "..", "styles", "site.css"),
      "map-style": join(here, "..", "styles", "map.css"),
    },
    outdir: out,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    loader: { ".png": "empty" },
    legalComments: "none",
  });
  return result.outputFiles.map((file) => [file.path.slice(out.length + 1), Buffer.from(file.contents)]);
}

async function land() {
  const rings = landRings(JSON.parse(await readFile(fileURLToPath(import.meta.resolve("world-atlas/land-110m.json")), "utf8")));
  return [
    ["land.json", Buffer.from(JSON.stringify(rings))],
    ["world.svg", Buffer.from(landPicture(rings))],
  ];
}

// A name that changes with the content may be kept by a browser for ever.
function hashed(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return name.replace(/(\.[a-z]+)$/, `.${digest}$1`);
}

const manifest = {};
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const [name, content] of [...(await bundle()), ...(await land())]) {
  const file = hashed(name, content);
  const packed = gzipSync(content, { level: 9 });
  manifest[name] = file;
  await writeFile(join(out, file), content);
  await writeFile(join(out, `${file}.gz`), packed);
  console.log(`${file.padEnd(34)} ${(packed.length / 1000).toFixed(1).padStart(7)} kB`);
}
await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));

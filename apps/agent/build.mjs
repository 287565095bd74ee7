import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createRequire } from "node:module";
import { build } from "esbuild";
import { smallZod } from "../../packages/shared/small-zod.mjs";

// What runs without node_modules: each program is one file. `require` is for CommonJS dependencies inside an ESM bundle.
const REQUIRE = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

const PROGRAMS = {
  agent: "src/main.ts",
  // The thread that starts a program in an instance.
  "launch-thread": "src/host/launch-thread.ts",
  // These two run inside instances, read from standard input: they use Node's own modules only and need no `require`.
  "web-server": "src/workloads/web-server.ts",
  prober: "src/probes/prober.ts",
};

/** `node build.mjs [directory]`, `dist` by default. */
const outdir = resolve(import.meta.dirname, process.argv[2] ?? "dist");

/**
 * koffi's native part cannot be in a bundle. It lies beside it in `native/`, one folder for each processor that npm
 * installed one for, each with builds for glibc and musl and a loader that chooses.
 */
const nativeKoffi = {
  name: "native-koffi",
  setup({ onLoad }) {
    onLoad({ filter: /koffi[\\/]src[\\/]koffi[\\/]src[\\/]static\.js$/ }, () => ({
      contents: `
        import { createRequire } from "node:module";
        export const loadStatic = (name) => createRequire(import.meta.url)("./native/koffi-" + name + "/index.js");
      `,
    }));
  },
};

function copyNativeKoffi(to) {
  const packages = join(dirname(createRequire(import.meta.url).resolve("koffi")), "..", "@koromix");
  rmSync(to, { recursive: true, force: true });
  const names = existsSync(packages) ? readdirSync(packages).filter((name) => name.startsWith("koffi-linux-")) : [];
  if (names.length === 0) throw new Error("koffi's native part is not installed: run npm ci without --omit=optional");
  for (const name of names) cpSync(join(packages, name), join(to, name), { recursive: true });
}

copyNativeKoffi(join(outdir, "native"));

const settings = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  logLevel: "warning",
};
/** Those that run on the host itself: with dependencies, and with koffi's native part beside them. */
const ON_THE_HOST = new Set(["agent", "launch-thread"]);
const onTheHost = { sourcemap: true, banner: { js: REQUIRE }, plugins: [nativeKoffi, smallZod] };

for (const [name, entry] of Object.entries(PROGRAMS)) {
  // The thread's is read at each start of a program in an instance.
  const minify = name === "launch-thread";
  await build({ ...settings, ...(ON_THE_HOST.has(name) ? onTheHost : {}), minify, entryPoints: [entry], outfile: join(outdir, `${name}.mjs`) });
}

/**
 * The agent as a module of vpcctl's own process. It is read at each start, so what most calls do without lies in files of its
 * own: `local-*.mjs`, in the same folder, because paths in it begin there.
 */
for (const name of readdirSync(outdir)) if (/^local-.*\.mjs(\.map)?$/.test(name)) rmSync(join(outdir, name));
await build({
  ...settings, ...onTheHost,
  entryPoints: { local: "src/local.ts" }, outdir, outExtension: { ".js": ".mjs" }, splitting: true, chunkNames: "local-[name]-[hash]", minify: true,
});

import { readFile } from "node:fs/promises";

/**
 * For the bundles of programs whose start somebody waits for: of zod only what is used. `import { z }` keeps all of it, because
 * esbuild does not look into an object that is exported; and of its messages English ones are enough.
 */
export const smallZod = {
  name: "small-zod",
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: `export { default as en } from "./en.js";` }));
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { loader: "ts", contents: source.replace(`import { z } from "zod";`, `import * as z from "zod";`) };
    });
  },
};

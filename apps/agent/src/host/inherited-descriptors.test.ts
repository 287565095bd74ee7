import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { build } from "esbuild";
import { expect, it } from "vitest";

/** Node marks low descriptors close-on-exec by itself (uv_disable_stdio_inheritance) and stops at a gap: this one is behind. */
const FAR = 60;

it("closes what the starter left open, so that no program of ours inherits it, and Node goes on", async () => {
  const { outputFiles: [script] } = await build({
    stdin: {
      contents: [
        'import { spawnSync } from "node:child_process";',
        'import { closeInheritedDescriptors } from "./inherited-descriptors";',
        'const listing = () => spawnSync("ls", ["-l", "/proc/self/fd"], { encoding: "utf8" }).stdout.includes("/etc/hostname");',
        "const before = listing();",
        "const closed = closeInheritedDescriptors();",
        "const works = await fetch('data:,works').then((answer) => answer.text());",
        "console.log(JSON.stringify({ before, closed, after: listing(), works }));",
      ].join("\n"),
      resolveDir: import.meta.dirname,
    },
    bundle: true, write: false, platform: "node", format: "esm",
  });
  const secret = openSync("/etc/hostname", "r");
  const gap = Array.from({ length: FAR - 3 }, () => "ignore" as const);
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-"], {
    input: script?.text ?? "", encoding: "utf8", stdio: ["pipe", "pipe", "inherit", ...gap, secret],
  });
  closeSync(secret);
  expect(JSON.parse(stdout)).toEqual({ before: true, closed: expect.arrayContaining([FAR]), after: false, works: "works" });
});

import { describe, expect, it } from "vitest";
import { installedDiffers } from "../../scripts/lib/install-modules.mjs";

const wanted = {
  "": { name: "root" },
  "apps/web": { version: "0.1.0" },
  "node_modules/@vpclab/web": { link: true },
  "node_modules/zod": { version: "4.0.0", integrity: "sha512-a" },
  "node_modules/only-on-mac": { version: "1.0.0", integrity: "sha512-b", optional: true },
};
const installed = { "node_modules/zod": { version: "4.0.0", integrity: "sha512-a" } };

describe("npm ci runs when node_modules is not what the lock file says", () => {
  it("does not run when they agree; packages for other platforms may be absent", () => {
    expect(installedDiffers(wanted, installed)).toBeNull();
  });

  it.each([
    ["nothing is installed, or an install was cut off", null],
    ["a package is missing", {}],
    ["a version differs", { "node_modules/zod": { version: "4.0.1", integrity: "sha512-a" } }],
    ["a package of the same version has other content", { "node_modules/zod": { version: "4.0.0", integrity: "sha512-c" } }],
    ["an optional package is there in another version", { ...installed, "node_modules/only-on-mac": { version: "0.9.0", integrity: "sha512-d" } }],
  ])("runs when %s", (_why, found) => {
    expect(installedDiffers(wanted, found)).not.toBeNull();
  });
});

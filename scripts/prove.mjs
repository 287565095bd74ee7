import { spawnSync } from "node:child_process";
import { childEnvironment } from "./lib/child-environment.mjs";
import { installModules } from "./lib/install-modules.mjs";
import { checkNode } from "./lib/node-version.mjs";
import { ROOT } from "./lib/paths.mjs";
import { main, step, UserError } from "./lib/progress.mjs";
import { AGENT_PACKAGES, ensurePackages } from "./lib/system-packages.mjs";
import { inPrivateNamespaces, namespaceObstacle } from "./lib/test/private-namespaces.mjs";

// Random topologies on the real kernel: what the analysis says against what packets do. Options: prove/options.ts.
await main(async () => {
  checkNode();
  await step("System packages", (say) => ensurePackages(AGENT_PACKAGES, say));
  const obstacle = namespaceObstacle();
  if (obstacle !== null) throw new UserError(obstacle);
  await step("npm packages", installModules);
  console.log("");
  const [file, ...args] = inPrivateNamespaces(process.execPath, "--import", "tsx", "prove/run.ts", ...process.argv.slice(2));
  return spawnSync(file, args, { cwd: ROOT, stdio: "inherit", env: childEnvironment() }).status ?? 1;
});

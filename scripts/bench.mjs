import { spawnSync } from "node:child_process";
import { childEnvironment } from "./lib/child-environment.mjs";
import { installModules } from "./lib/install-modules.mjs";
import { checkNode } from "./lib/node-version.mjs";
import { ROOT } from "./lib/paths.mjs";
import { main, step, UserError } from "./lib/progress.mjs";
import { AGENT_PACKAGES, ensurePackages } from "./lib/system-packages.mjs";
import { inPrivateNamespaces, namespaceObstacle } from "./lib/test/private-namespaces.mjs";

// A figure that misses its goal is printed as such and does not fail the command; a benchmark that cannot run does.
await main(async () => {
  checkNode();
  await step("System packages", (say) => ensurePackages(AGENT_PACKAGES, say));
  const obstacle = namespaceObstacle();
  if (obstacle !== null) throw new UserError(obstacle);
  await step("npm packages", installModules);
  console.log("");
  const uplink = ["sh", "-c", 'ip link add uplink0 type bridge && exec "$@"', "sh"];
  const [file, ...args] = inPrivateNamespaces(...uplink, process.execPath, "--import", "tsx", "bench/run.ts", ...process.argv.slice(2));
  return spawnSync(file, args, { cwd: ROOT, stdio: "inherit", env: childEnvironment() }).status ?? 1;
});

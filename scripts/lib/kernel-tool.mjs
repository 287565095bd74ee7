import { spawnSync } from "node:child_process";
import { childEnvironment } from "./child-environment.mjs";
import { installModules } from "./install-modules.mjs";
import { checkNode } from "./node-version.mjs";
import { ROOT } from "./paths.mjs";
import { main, step, UserError } from "./progress.mjs";
import { AGENT_PACKAGES, ensurePackages } from "./system-packages.mjs";
import { inPrivateNamespaces, namespaceObstacle } from "./test/private-namespaces.mjs";

/**
 * A command of package.json that works on the real kernel: runs a TypeScript program with the command line's own options in
 * namespaces of its own, behind `wrapper` (the beginning of a command that ends by running what follows it).
 */
export const runKernelTool = (program, wrapper = []) => main(async () => {
  checkNode();
  await step("System packages", (say) => ensurePackages(AGENT_PACKAGES, say));
  const obstacle = namespaceObstacle();
  if (obstacle !== null) throw new UserError(obstacle);
  await step("npm packages", installModules);
  console.log("");
  const [file, ...args] = inPrivateNamespaces(...wrapper, process.execPath, "--import", "tsx", program, ...process.argv.slice(2));
  return spawnSync(file, args, { cwd: ROOT, stdio: "inherit", env: childEnvironment() }).status ?? 1;
});

import { isRoot } from "./privileges.mjs";
import { UserError } from "./progress.mjs";
import { rootlessObstacle } from "./user-namespaces.mjs";

/** How the local agent runs here: `sandbox` as root, `rootless` for an ordinary user. Throws what to do where neither works. */
export function localAgentMode() {
  if (isRoot()) return "sandbox";
  const obstacle = rootlessObstacle();
  if (obstacle !== null) throw new UserError(obstacle);
  return "rootless";
}

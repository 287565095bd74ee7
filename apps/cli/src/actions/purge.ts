import type { Action } from "../command-spec";
import { confirm } from "../confirm";
import { EXIT } from "../exit-code";
import { markedNamespaces } from "../local/marked-namespaces";
import { loadLocalAgent } from "../local/open-local-agent";
import { counted } from "../output/quantity";
import { UsageError } from "../usage-error";

/** Removes whatever carries vpclab's mark on this machine, with or without a server and state. */
export const purge: Action = async (session) => {
  const { options, env, out } = session;
  if (options.place?.kind === "server") throw new UsageError("purge works on this machine itself: leave --server out");
  const { purge: removeAll } = await loadLocalAgent(env.agentDist);
  const found = await markedNamespaces();
  out.note(found.length === 0 ? "No network namespace carries vpclab's mark; rules, links and state that do would go." : `With vpclab's mark: ${counted(found.length, "network namespace")}, with everything in them:`);
  for (const name of found) out.note(`  ${name}`);
  if (options.dryRun) {
    out.value({ dryRun: true, namespaces: found });
    return;
  }
  if (!(await confirm(session, "Remove everything that carries vpclab's mark on this machine?"))) {
    out.note("Nothing was removed.");
    return EXIT.failed;
  }
  const { stateDir, mode, uplink } = options;
  const removed = await removeAll({ stateDir, mode, uplink });
  out.value({ removed });
  for (const line of removed) out.done(line);
  if (removed.length === 0) out.done("There was nothing to remove.");
};

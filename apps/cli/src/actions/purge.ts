import type { Action } from "../command-spec";
import { confirm } from "../confirm";
import { EXIT } from "../exit-code";
import { type MarkedNamespace, markedNamespaces } from "../local/marked-namespaces";
import { loadLocalAgent } from "../local/open-local-agent";
import type { Output } from "../output/output";
import { counted } from "../output/quantity";
import { UsageError } from "../usage-error";

/** Removes whatever carries vpclab's mark on this machine, with or without a server and state. */
export const purge: Action = async (session, given) => {
  const { options, env, out } = session;
  if (options.place?.kind === "server") throw new UsageError("purge works on this machine itself: leave --server out");
  const agent = await loadLocalAgent(env.agentDist);
  const { stateDir, mode, uplink } = options;
  const mine = await agent.agentIdsOf(stateDir);
  const all = given.flag("all") === true || mine.length === 0;
  const marked = await markedNamespaces();
  const going = marked.filter(({ agentId }) => all || mine.includes(agentId)).map(({ name }) => name);
  const others = marked.filter(({ name }) => !going.includes(name));
  out.note(going.length === 0 ? "No network namespace here carries the mark; rules, links and state that do would go." : `With vpclab's mark: ${counted(going.length, "network namespace")}, with everything in them:`);
  for (const name of going) out.note(`  ${name}`);
  noteOthers(others, out);
  if (options.dryRun) {
    out.value({ dryRun: true, namespaces: going, others });
    return;
  }
  if (!(await confirm(session, all ? "Remove everything that carries vpclab's mark on this machine?" : "Remove them?"))) {
    out.note("Nothing was removed.");
    return EXIT.failed;
  }
  const removed = await agent.purge({ stateDir, mode, uplink, all });
  out.value({ removed, others });
  for (const line of removed) out.done(line);
  if (removed.length === 0) out.done("There was nothing to remove.");
};

function noteOthers(others: readonly MarkedNamespace[], out: Output): void {
  if (others.length === 0) return;
  const agents = [...new Set(others.map(({ agentId }) => agentId))];
  out.note(`Made with another state directory (agent ${agents.join(", ")}), and left alone without --all: ${others.map(({ name }) => name).join(", ")}`);
}

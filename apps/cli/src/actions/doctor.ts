import type { DoctorCheck } from "@vpclab/shared/wire/local-agent";
import type { Action } from "../command-spec";
import { EXIT } from "../exit-code";
import { loadLocalAgent } from "../local/open-local-agent";
import { markedNamespaces } from "../local/marked-namespaces";
import { counted } from "../output/quantity";
import { styled } from "../output/text";

/** What this machine lacks, and what to do about it. */
export const doctor: Action = async ({ options, env, out }) => {
  const { doctor: check, agentIdsOf } = await loadLocalAgent(env.agentDist);
  const checks = [...(await check({ mode: options.mode })), await strangers(await agentIdsOf(options.stateDir))];
  out.value(checks);
  out.table([{ title: "" }, { title: "CHECK" }, { title: "FOUND" }], checks.map(({ name, ok, found }) => [ok ? styled("green", "ok") : styled("red", "no"), name, found]));
  for (const { name, ok, advice } of checks) if (!ok && advice !== null) out.line(`${name}: ${advice}`);
  return checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
};

/** What other state directories made is no fault (a server may run here), and after one was lost it is what people look for. */
async function strangers(mine: readonly string[]): Promise<DoctorCheck> {
  const others = (await markedNamespaces()).filter(({ agentId }) => !mine.includes(agentId)).map(({ name }) => name);
  const found = others.length === 0 ? "none" : `${counted(others.length, "network namespace")} of another state directory (vpcctl purge --all removes them): ${others.join(", ")}`;
  return { name: "others", ok: true, found, advice: null };
}

import type { Action } from "../command-spec";
import { EXIT } from "../exit-code";
import { loadLocalAgent } from "../local/open-local-agent";
import { styled } from "../output/text";

/** What this machine lacks, and what to do about it. */
export const doctor: Action = async ({ options, env, out }) => {
  const { doctor: check } = await loadLocalAgent(env.agentDist);
  const checks = await check({ mode: options.mode });
  out.value(checks);
  out.table([{ title: "" }, { title: "CHECK" }, { title: "FOUND" }], checks.map(({ name, ok, found }) => [ok ? styled("green", "ok") : styled("red", "no"), name, found]));
  for (const { name, ok, advice } of checks) if (!ok && advice !== null) out.line(`${name}: ${advice}`);
  return checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
};

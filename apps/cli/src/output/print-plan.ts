import type { ChangeKind, PlanPreview } from "@vpclab/shared/plan/step";
import type { Output } from "./output";
import { styled, type Style } from "./text";

const SIGN: Record<ChangeKind, readonly [string, Style]> = { create: ["+", "green"], change: ["~", "yellow"], remove: ["-", "red"] };

/** A plan for people: what happens to each object, with `--verbose` by which Linux commands. */
export function printPlan(plan: PlanPreview, out: Output): void {
  if (plan.changes.length === 0) {
    out.line("nothing to change");
    return;
  }
  for (const { kind, name, sentence, commands } of plan.changes) {
    const [sign, style] = SIGN[kind];
    out.line([styled(style, sign), " ", styled("bold", name), `  ${sentence}`]);
    if (out.verbose) for (const command of commands) for (const line of command.split("\n")) out.line(styled("dim", `    ${line}`));
  }
  const count = (of: ChangeKind): number => plan.changes.filter(({ kind }) => kind === of).length;
  const basis = plan.basis === "observed" ? "" : " The host is away: compared with what was applied last.";
  out.line(`Plan: ${count("create")} to create, ${count("change")} to change, ${count("remove")} to remove; ${plan.steps} ${plan.steps === 1 ? "step" : "steps"}.${basis}`);
}

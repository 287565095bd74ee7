import type { Action } from "../command-spec";
import { confirm } from "../confirm";
import { EXIT } from "../exit-code";
import { applyProgress } from "../output/apply-progress";
import { counted } from "../output/quantity";
import { printError } from "../output/print-error";
import { printPlan } from "../output/print-plan";
import { TOPOLOGY_DEFAULT } from "../global-options";
import { exitOfFailure } from "../run-edit";
import { readTopology } from "./read-topology";

/** Removes everything of one topology from its host. */
export const teardown: Action = async (session, given) => {
  const { out, topology, options } = session;
  const lab = await session.lab();
  // A clean-up is typed at the start of a script, too, when there is nothing yet; a name that was typed must be one that is there.
  const { document, id } = topology === TOPOLOGY_DEFAULT ? await readTopology(session) : await lab.read(topology);
  if (id === "") {
    out.value({ topology, state: "empty", failure: null });
    out.done("There is nothing to remove.");
    return;
  }
  if (options.dryRun) {
    const plan = await lab.plan(topology, null);
    out.value({ dryRun: true, topology, plan });
    printPlan(plan, out);
    return;
  }
  const forget = given.flag("delete") === true || lab.place.kind === "local";
  const what = [counted(document.vpcs.length, "VPC"), counted(document.subnets.length, "subnet"), counted(document.instances.length, "instance")].join(", ");
  out.note(`Topology “${topology}” on ${lab.place.label}: ${what}${forget ? "; the drawing goes, too (vpcctl export keeps it)" : ""}.`);
  if (!(await confirm(session, "Remove them?"))) {
    out.note("Nothing was removed.");
    return EXIT.failed;
  }
  const onProgress = applyProgress(out, `remove topology “${topology}”`);
  if (forget && lab.place.kind === "server") {
    await lab.remove(topology, onProgress);
    out.value({ topology, state: "empty", failure: null });
  } else {
    const { deployment, failure } = await lab.teardown(topology, onProgress);
    out.progress.clear();
    out.value({ topology, state: deployment.state, failure });
    if (failure) {
      printError({ code: failure.code, message: failure.message, issues: failure.issues ?? [], hint: "What was tried: vpcctl logs" }, out);
      return exitOfFailure(failure);
    }
  }
  out.progress.clear();
  out.done(`Topology “${topology}” is gone${forget ? "" : " from its host; its drawing is kept"}.`);
};

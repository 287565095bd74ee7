import type { Step } from "@vpclab/shared/plan/step";
import type { IdMaps } from "../host/id-maps";
import { netnsPath } from "../host/netns";
import { unprivilegedArgs } from "../host/unprivileged";
import type { LaunchOptions } from "./workload-launch";
import { workloadLaunch } from "./workload-launch";

const PLAIN_WORD = /^[A-Za-z0-9_./:=@%+,-]+$/;
const quoted = (word: string): string => (PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/**
 * How a person would start a workload as it runs here, found again by the agent: in the background, with this installation's
 * own files. The agent also gives it a PID and mount namespace of its own, which changes nothing of what it does.
 */
export function startCommand(step: Extract<Step, { action: "workload-start" }>, options: LaunchOptions & { readonly idMaps: IdMaps }): string {
  const { argv, input: { stdin, stdinFile, extraFiles: [handedOver] = [] } } = workloadLaunch(options, step.workload);
  const words = ["nsenter", `--net=${netnsPath(step.namespace)}`, "--", "setpriv", ...unprivilegedArgs(options.idMaps), ...argv];
  const inputs = `${stdinFile === undefined ? "" : ` <${quoted(stdinFile)}`}${handedOver === undefined ? "" : ` 3<${quoted(handedOver)}`}`;
  // A here-document behind the `&` would be the input of nothing.
  const [here, text] = stdin === undefined ? ["", ""] : [" <<'EOF'", `\n${stdin}EOF`];
  return `${words.map(quoted).join(" ")}${inputs}${here} >/dev/null 2>&1 &${text}`;
}

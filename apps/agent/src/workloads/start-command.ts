import type { WorkloadProcess } from "@vpclab/shared/plan/kernel-state";
import type { Step } from "@vpclab/shared/plan/step";
import type { IdMaps } from "../host/id-maps";
import { netnsPath } from "../host/netns";
import { nodeLaunch } from "../host/node-program";
import { unprivilegedArgs } from "../host/unprivileged";
import { webServerArgs } from "./workload-args";
import type { LaunchOptions } from "./workload-launch";
import { workloadLaunch } from "./workload-launch";

const PLAIN_WORD = /^[A-Za-z0-9_./:=@%+,-]+$/;
const quoted = (word: string): string => (PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/**
 * How a person would start a workload so that the agent finds it again: in the background, as nobody, with this installation's
 * own files. The agent itself gives it more walls, which change nothing of what it does.
 */
export function startCommand(step: Extract<Step, { action: "workload-start" }>, options: Pick<LaunchOptions, "programs"> & { readonly idMaps: IdMaps }): string {
  const { argv, stdin, stdinFile, handedOver } = plainLaunch(step.workload, options);
  const words = ["nsenter", `--net=${netnsPath(step.namespace)}`, "--", "setpriv", ...unprivilegedArgs(options.idMaps), ...argv];
  const inputs = `${stdinFile === undefined ? "" : ` <${quoted(stdinFile)}`}${handedOver === undefined ? "" : ` 3<${quoted(handedOver)}`}`;
  // A here-document behind the `&` would be the input of nothing.
  const [here, text] = stdin === undefined ? ["", ""] : [" <<'EOF'", `\n${stdin}EOF`];
  return `${words.map(quoted).join(" ")}${inputs}${here} >/dev/null 2>&1 &${text}`;
}

/** In the machine's own root. */
function plainLaunch(workload: WorkloadProcess, options: Pick<LaunchOptions, "programs">) {
  if (workload.kind !== "web-server") return { ...workloadLaunch({ ...options, nodePath: process.execPath }, workload), handedOver: undefined };
  const { argv, extraFiles: [handedOver] } = nodeLaunch(webServerArgs(workload));
  return { argv, stdin: undefined, stdinFile: options.programs.webServer, handedOver };
}

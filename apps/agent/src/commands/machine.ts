import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@vpclab/shared/errors/app-error";
import { ACCEPTED_MARK } from "@vpclab/shared/plan/compile-host-table";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import { z } from "zod";
import type { CommandRunner } from "../host/command-runner";
import { Confinement } from "../host/confinement";
import type { IdMaps } from "../host/id-maps";
import { readIdMaps } from "../host/id-maps";
import { InstanceCgroups } from "../host/instance-cgroups";
import type { Programs } from "../host/node-program";
import { createCommandRunner } from "../host/run-command";
import { HostFirewall } from "../kernel/host-firewall";
import { leftoversAmong } from "../kernel/leftovers";
import { LinuxKernel } from "../kernel/linux-kernel";
import { NamespaceSockets } from "../kernel/namespace-sockets";
import type { PolicyRules } from "../policy/policy";
import { BUILT_IN_POLICY } from "../policy/policy";
import type { ProbeInternet } from "../reconcile/probe-ends";
import type { OtherFirewall } from "../reconcile/site";
import type { AgentLog } from "../report/agent-log";
import { logCommands } from "../report/command-log";
import { Sandbox } from "../sandbox/sandbox";
import { HOST_ADDRESS, INTERNET_WEB_ADDRESS, SANDBOX_HOST_NETNS, SANDBOX_INTERNET_NETNS, SANDBOX_UPLINK } from "../sandbox/sandbox-state";
import { LinuxWorkloads } from "../workloads/linux-workloads";
import type { Mode, Options } from "./options";

/** The machine as one mode shows it: what plays the host, and the way to its kernel. */
export interface Machine {
  readonly mode: Mode;
  readonly runner: CommandRunner;
  readonly idMaps: IdMaps;
  readonly confinement: Confinement;
  readonly cgroups: InstanceCgroups;
  readonly programs: Programs;
  readonly kernel: Kernel;
  readonly sockets: NamespaceSockets;
  readonly uplink: string;
  readonly leftovers: (names: readonly string[]) => readonly string[];
  /** Null: the real host. */
  readonly hostNetns: string | null;
  readonly sandbox: Sandbox | null;
  /** Docker's, ufw's or firewalld's rules, which a real host may have. */
  readonly firewall: OtherFirewall | null;
  readonly internet: ProbeInternet;
}

type MachineOptions = Pick<Options, "mode" | "uplink" | "internetTarget"> & { readonly perInstance?: PolicyRules["perInstance"] };

export async function openMachine(options: MachineOptions, agentId: string, log: AgentLog): Promise<Machine> {
  const { mode } = options;
  const runner = logCommands(createCommandRunner(), log);
  const idMaps = readIdMaps();
  const programs = bundledPrograms();
  const inSandbox = mode !== "host";
  const uplink = inSandbox ? SANDBOX_UPLINK : options.uplink ?? (await defaultUplink(runner));
  const hostNetns = inSandbox ? SANDBOX_HOST_NETNS : null;
  const cgroups = new InstanceCgroups(agentId);
  cgroups.removeLeftovers();
  const confinement = openConfinement(options.perInstance ?? BUILT_IN_POLICY.rules.perInstance, { idMaps, cgroups, launchThread: programs.launchThread, log });
  const workloads = new LinuxWorkloads({ confinement, programs });
  const sockets = new NamespaceSockets();
  const kernel = new LinuxKernel({ hostNetns, uplink, idMaps, workloads, sockets });
  const sandbox = inSandbox ? new Sandbox({ agentId, kernel }) : null;
  const firewall = inSandbox ? null : new HostFirewall({ runner, mark: ACCEPTED_MARK });
  const internet: ProbeInternet = inSandbox
    ? { namespace: SANDBOX_INTERNET_NETNS, address: INTERNET_WEB_ADDRESS, hostAddress: HOST_ADDRESS, hostNamespace: SANDBOX_HOST_NETNS }
    : { namespace: null, address: options.internetTarget, hostAddress: null, hostNamespace: null };
  return { mode, leftovers: leftoversAmong, runner, idMaps, confinement, cgroups, programs, kernel, sockets, uplink, hostNetns, sandbox, firewall, internet };
}

function openConfinement({ firstUser, ...limits }: PolicyRules["perInstance"], { idMaps, cgroups, launchThread, log }: { idMaps: IdMaps; cgroups: InstanceCgroups; launchThread: string; log: AgentLog }): Confinement {
  const note = (netns: string, argv: readonly string[]): void => log.debug(`in ${netns}: ${argv.join(" ")}`);
  return new Confinement({ launchThread, idMaps, limits, cgroups, firstUser, note });
}

/** The programs that run inside instances lie beside the agent's own bundle. */
function bundledPrograms(): Programs {
  const here = dirname(fileURLToPath(import.meta.url));
  const programs = { webServer: join(here, "web-server.mjs"), prober: join(here, "prober.mjs"), launchThread: join(here, "launch-thread.mjs") };
  for (const path of Object.values(programs)) if (!existsSync(path)) throw new AppError("INTERNAL", `${path} is missing; build the agent: npm run build`);
  return programs;
}

const RoutesSchema = z.array(z.looseObject({ dev: z.string().optional() }));

async function defaultUplink(runner: CommandRunner): Promise<string> {
  const { stdout } = await runner.run({ file: "ip", args: ["-j", "-4", "route", "show", "default"] });
  const dev = RoutesSchema.parse(JSON.parse(stdout || "[]"))[0]?.dev;
  if (!dev) throw new AppError("PRIVILEGE", "This machine has no default route; name the interface towards the internet with --uplink.");
  return dev;
}

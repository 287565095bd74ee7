import { closeSync, fstatSync, openSync, readSync, writeFileSync, writeSync } from "node:fs";
import { basename } from "node:path";
import type { InstanceLimits } from "./cgroup-limits";
import { CommandError, missingProgram } from "./command-error";
import type { CommandResult } from "./command-runner";
import { ConfinedChild } from "./confined-child";
import type { IdMaps } from "./id-maps";
import type { InstanceCgroups } from "./instance-cgroups";
import type { LaunchAnswer } from "./launch-order";
import { Launcher } from "./launcher";
import { createMemoryFile } from "./libc";
import { netnsPath } from "./netns";
import { shownNode } from "./node-program";
import { limitedArgv } from "./process-limits";
import { PROGRAM_FOLDERS, programPath } from "./program-path";
import { StartGate } from "./start-gate";
import type { ShownFile } from "./workload-root";
import { workloadUser } from "./workload-user";

/** A program for an instance. It gets a root of its own with the machine's programs and libraries, and nothing else. */
export interface ConfinedCommand {
  /** Name of the network namespace. */
  readonly netns: string;
  /** `argv[0]`: a program of the machine, or a path in the instance's root. */
  readonly argv: readonly [string, ...string[]];
  /** Text for standard input. */
  readonly stdin?: string;
  /** A file for it, opened by the agent: the program cannot name it. */
  readonly stdinFile?: string;
}

export interface ConfinementOptions {
  /** Bundled `launch-thread.ts`, as an absolute path. */
  readonly launchThread: string;
  readonly idMaps: IdMaps;
  readonly limits: InstanceLimits;
  /** Where the limits hold for an instance as a whole; without them they are those of setrlimit(2) only. */
  readonly cgroups?: InstanceCgroups;
  /** Node for our own programs; the agent's own unless told otherwise. */
  readonly nodePath?: string;
  /** Other files that programs in instances find in their root. */
  readonly shown?: readonly ShownFile[];
  /** First user of the reserved range. */
  readonly firstUser?: number;
  /** Hears of every program before it starts. */
  readonly note?: (netns: string, argv: readonly string[]) => void;
}

const ENVIRONMENT = [`PATH=${PROGRAM_FOLDERS.join(":")}`, "LC_ALL=C"];

/**
 * Starts programs inside instances, each without rights: as the instance's own user, without capabilities and without a way to
 * get any, alone in its PID, mount, IPC, UTS and cgroup namespace, under a filter for system calls. Nothing that the agent starts
 * in an instance goes another way.
 */
export class Confinement {
  readonly #options: ConfinementOptions;
  readonly #launcher: Launcher;
  #children: ConfinedChild[] = [];

  /** Path of Node as a program in an instance has it. */
  readonly nodePath: string;

  constructor(options: ConfinementOptions) {
    this.#options = options;
    const node = shownNode(options.nodePath);
    this.nodePath = node.target;
    this.#launcher = new Launcher(options.launchThread, { shown: [...node.shown, ...(options.shown ?? [])] });
  }

  /** Starts a program that outlives the agent. Throws CommandError when it cannot be run. */
  start(command: ConfinedCommand): Promise<ConfinedChild> {
    return this.#withInput(command, (stdin) => withDescriptors([() => openSync("/dev/null", "w")], ([sink = 0]) => this.#launch(command, [stdin, sink, sink])));
  }

  /** Runs a program to its end. Throws CommandError when it cannot be run or does not end in time. */
  run(command: ConfinedCommand, timeoutMs: number): Promise<CommandResult> {
    return this.#withInput(command, (stdin) => withDescriptors([outputFile, outputFile], async ([stdout = 0, stderr = 0]) => {
      const child = await this.#launch(command, [stdin, stdout, stderr]);
      const exitCode = await child.ended(timeoutMs);
      child.kill();
      if (exitCode === undefined) throw new CommandError(nameOf(command), `did not end within ${timeoutMs / 1000} s and was stopped`, null);
      if (exitCode === null) throw new CommandError(nameOf(command), "was ended by a signal", null);
      return { exitCode, stdout: textIn(stdout), stderr: textIn(stderr) };
    }));
  }

  /** Takes note of what has ended, so that no zombies stay. */
  reap(): void {
    this.#children = this.#children.filter((child) => child.exit === undefined);
  }

  #withInput<T>({ stdin, stdinFile = "/dev/null" }: ConfinedCommand, use: (stdin: number) => Promise<T>): Promise<T> {
    return withDescriptors([() => (stdin === undefined ? openSync(stdinFile, "r") : fileInMemory(stdin))], ([descriptor = 0]) => use(descriptor));
  }

  /** Removes what was kept for programs of namespaces that are gone, and of those that went by somebody's hand. */
  async forget(namespaces: readonly string[]): Promise<void> {
    await this.#options.cgroups?.remove(namespaces);
    this.#options.cgroups?.removeLeftovers();
  }

  #launch(command: ConfinedCommand, stdio: readonly [number, number, number]): Promise<ConfinedChild> {
    this.reap();
    const { idMaps, limits, firstUser, note, cgroups } = this.#options;
    const [program, ...words] = command.argv;
    const argv = [programPath(program), ...words] as const;
    note?.(command.netns, argv);
    return withDescriptors([() => openSync(netnsPath(command.netns), "r")], async ([netns = 0]) => {
      const user = workloadUser(fstatSync(netns).ino, idMaps, firstUser);
      const limited = limitedArgv(argv, { processes: user.own ? limits.pids : null, dataBytes: limits.memoryBytes });
      const order = { netns, user: user.id, environment: ENVIRONMENT };
      const entrances = cgroups?.prepare(command.netns, limits) ?? [];
      if (entrances.length === 0) return this.#child(command, await this.#launcher.launch({ ...order, stdio, argv: limited }));
      const gate = StartGate.open();
      try {
        const child = this.#child(command, await this.#launcher.launch({ ...order, stdio: [...stdio, gate.reading], argv: StartGate.before(limited, ENVIRONMENT) }));
        enter(child, entrances);
        gate.letGo();
        return child;
      } finally {
        gate.close();
      }
    });
  }

  #child(command: ConfinedCommand, answer: LaunchAnswer): ConfinedChild {
    if (!("pid" in answer)) throw new CommandError(nameOf(command), answer.missing ? missingProgram(nameOf(command)) : answer.problem, null);
    const child = new ConfinedChild(answer.pid);
    this.#children.push(child);
    return child;
  }
}

/** `entrances`: `cgroup.procs` of the groups. A program that cannot enter them does not run. */
function enter(child: ConfinedChild, entrances: readonly string[]): void {
  try {
    for (const path of entrances) writeFileSync(path, String(child.pid), { flag: "r+" });
  } catch (error) {
    child.kill();
    throw error;
  }
}

const nameOf = ({ argv: [program] }: ConfinedCommand): string => basename(program);

/** Not a pipe: who writes into one has to be awake until all of it is read. */
function fileInMemory(text: string): number {
  const descriptor = createMemoryFile("vpclab-input");
  // At a position: the child reads from the beginning.
  writeSync(descriptor, text, 0);
  return descriptor;
}

const outputFile = (): number => createMemoryFile("vpclab-output");

function textIn(descriptor: number): string {
  const bytes = Buffer.alloc(fstatSync(descriptor).size);
  readSync(descriptor, bytes, 0, bytes.length, 0);
  return bytes.toString("utf8");
}

/** Opens what a child gets and closes our copies once it has its own. */
async function withDescriptors<T>(open: readonly (() => number)[], use: (descriptors: readonly number[]) => Promise<T>): Promise<T> {
  const descriptors: number[] = [];
  try {
    for (const one of open) descriptors.push(one());
    return await use(descriptors);
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

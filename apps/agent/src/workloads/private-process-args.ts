import type { CommandRunner } from "../host/command-runner";

/**
 * A PID and mount namespace of its own. `slave`: with a private copy of the mounts, a namespace that is deleted outside
 * would stay mounted in here and live on.
 */
const ARGS = ["unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--propagation=slave"];
const answers = new WeakMap<CommandRunner, Promise<readonly string[]>>();

/** Launcher words for a process that sees no other; none where the system refuses (some containers mask /proc). Asked once. */
export function privateProcessArgs(runner: CommandRunner): Promise<readonly string[]> {
  const known = answers.get(runner);
  if (known) return known;
  const asked = runner.tryRun({ file: ARGS[0] ?? "", args: [...ARGS.slice(1), "--", "true"] })
    .then(({ exitCode }) => (exitCode === 0 ? [...ARGS, "--"] : []));
  answers.set(runner, asked);
  return asked;
}

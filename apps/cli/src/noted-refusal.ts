import { AppError } from "@vpclab/shared/errors/app-error";
import type { Command } from "commander";
import { EXIT, exitCodeOf } from "./exit-code";
import type { GlobalOptions } from "./global-options";
import { pathOf } from "./wrong-use";

/** Last words of commands that change nothing, or nothing of a topology: nobody asks later why they did not. */
const QUESTIONS = new Set([
  "plan", "diff", "export", "validate", "schema", "list", "show", "inspect", "linux", "logs", "watch", "test", "matrix", "exec", "doctor", "mode", "completion",
  "__complete", "version", "older", "verify", "get", "get-ip", "show-vpc", "list-vpcs", "list-subnets", "list-peerings", "policy-show", "test-connectivity",
  "signin", "signout",
]);

/** vpcctl's own refusal of something that would have changed a topology: wrong input, something that is not there, a conflict. */
export function isNoted(error: unknown, command: Command, { dryRun }: Pick<GlobalOptions, "dryRun">): error is AppError {
  if (dryRun || !(error instanceof AppError) || QUESTIONS.has(command.name())) return false;
  return ([EXIT.usage, EXIT.notFound, EXIT.conflict] as number[]).includes(exitCodeOf(error.code));
}

/** `vpc create`. */
export const wordsOf = (command: Command): string => pathOf(command).replace(/^vpcctl /, "");

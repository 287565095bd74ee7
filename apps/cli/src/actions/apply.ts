import { CONFIRM_MS_MAX } from "@vpclab/shared/wire/job";
import { ok } from "@vpclab/shared/errors/result";
import type { Action } from "../command-spec";
import type { Given } from "../given";
import { runEdit } from "../run-edit";
import type { Session } from "../session";
import { UsageError } from "../usage-error";
import { givenFile } from "./topology-file";

export const apply: Action = async (session, given) => {
  const confirmSeconds = await givenReturn(session, given);
  const path = given.option("file");
  if (path === null) return runEdit(session, { doing: `apply “${session.topology}”`, create: false, unchanged: "the host is as drawn", confirmSeconds }, () => ok(null));
  const file = await givenFile(session, path);
  const { topology } = file.session;
  const unchanged = `topology “${topology}” is as ${file.source.name} says`;
  return runEdit(file.session, { doing: `apply ${file.source.name} to “${topology}”`, create: true, unchanged, confirmSeconds }, file.edit);
};

async function givenReturn(session: Session, given: Given): Promise<number | undefined> {
  const seconds = given.number("returnWithin", 0, CONFIRM_MS_MAX / 1000);
  if (seconds === null) return undefined;
  if ((await session.lab()).place.kind === "local") throw new UsageError("--return-within: without a server there is none that the host could lose; leave it out");
  return seconds;
}

import { ok } from "@vpclab/shared/errors/result";
import type { Action } from "../command-spec";
import { runEdit } from "../run-edit";
import { givenFile } from "./topology-file";

export const apply: Action = async (session, given) => {
  const path = given.option("file");
  if (path === null) return runEdit(session, { doing: `apply “${session.topology}”`, create: false, unchanged: "the host is as drawn" }, () => ok(null));
  const file = await givenFile(session, path);
  const { topology } = file.session;
  const unchanged = `topology “${topology}” is as ${file.source.name} says`;
  return runEdit(file.session, { doing: `apply ${file.source.name} to “${topology}”`, create: true, unchanged }, file.edit);
};

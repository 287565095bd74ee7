import type { Action } from "../command-spec";
import { associate as associateEdit, createElasticIp as createEdit, disassociate as disassociateEdit } from "../edits/eip-edits";
import { runEdit } from "../run-edit";

export const createElasticIp: Action = (session, given) => {
  const name = given.either(0, "name");
  return runEdit(session, { doing: `allocate Elastic IP${name === null ? "" : ` “${name}”`}`, create: true, makes: true, unchanged: `Elastic IP “${name}” is there already` }, createEdit(name));
};

export const associate: Action = (session, given) => {
  const [name, target] = [given.need(0, "name"), given.need(1, "target")];
  return runEdit(session, { doing: `associate “${name}” with “${target}”`, create: true }, associateEdit(name, target));
};

export const disassociate: Action = (session, given) => {
  const name = given.need(0, "name");
  return runEdit(session, { doing: `disassociate “${name}”`, create: true }, disassociateEdit(name));
};

import type { FieldPath, Issue } from "../errors/issue";
import type { Topology } from "./topology";
import { NOTE_LENGTH_MAX } from "./topology";

/** Text for people, which never reaches the kernel. */
const DESCRIPTION_MAX: TextMax = { what: "description", codePoints: 64, bytes: 256 };
const NOTE_MAX: TextMax = { what: "note", codePoints: NOTE_LENGTH_MAX, bytes: 4 * NOTE_LENGTH_MAX };

interface TextMax {
  readonly what: string;
  readonly codePoints: number;
  readonly bytes: number;
}

/** Control, direction, invisible and unpaired characters; the two joiners belong to words of some languages. */
const FORBIDDEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export function validateTexts(doc: Topology): Issue[] {
  return [
    ...validateText(doc.settings.note ?? "", ["settings", "note"], undefined, NOTE_MAX),
    ...doc.securityGroups.flatMap((group, i) => [
      ...validateText(group.description, ["securityGroups", i, "description"], group.id),
      ...group.rules.flatMap((rule, j) => validateText(rule.description, ["securityGroups", i, "rules", j, "description"], group.id)),
    ]),
    ...doc.subnets.flatMap(({ id, firewall }, i) =>
      (firewall?.rules ?? []).flatMap((rule, j) => validateText(rule.description, ["subnets", i, "firewall", "rules", j, "description"], id))),
  ];
}

/** One line of text, by default at most 64 characters and 256 bytes of UTF-8, as it would be written (NFC), nothing invisible in it. */
export function validateText(text: string, path: FieldPath, objectId?: string, most: TextMax = DESCRIPTION_MAX): Issue[] {
  if (text === "") return [];
  const at = { severity: "error", path, objectId } as const;
  if (FORBIDDEN.test(text)) {
    return [{ ...at, code: "TEXT_CONTROL", message: "There are control or invisible characters in it; write it as one line of plain text." }];
  }
  if (text.normalize("NFC") !== text) {
    return [{ ...at, code: "TEXT_CONTROL", message: "There are letters in it that are put together of several; write it anew with whole letters (Unicode NFC)." }];
  }
  const codePoints = [...text].length;
  const bytes = new TextEncoder().encode(text).length;
  if (codePoints <= most.codePoints && bytes <= most.bytes) return [];
  return [{ ...at, code: "NAME_LENGTH", message: `A ${most.what} has at most ${most.codePoints} characters (${most.bytes} bytes); this one has ${codePoints} (${bytes}).` }];
}

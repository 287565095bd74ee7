import { AUDIT_OUTCOMES } from "@vpclab/shared/wire/audit";
import type { AuditFilter } from "@vpclab/shared/wire/audit-api";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";

const ANY = "any";
const HOUR_MS = 3_600_000;
const SINCE = [
  { value: ANY, label: "any time", ms: null }, { value: "hour", label: "last hour", ms: HOUR_MS }, { value: "day", label: "last 24 hours", ms: 24 * HOUR_MS },
  { value: "week", label: "last 7 days", ms: 7 * 24 * HOUR_MS },
];

interface AuditFilterBarProps {
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}

/** Fields are exact: a name or an id, an action's whole name. A click on a value in the table fills them, too. */
export function AuditFilterBar({ filter, onChange }: AuditFilterBarProps) {
  const text = (field: "actor" | "action" | "object", charsMax: number) => (value: string) => {
    if (value.length > charsMax) return `At most ${charsMax} characters.`;
    onChange({ ...filter, [field]: value === "" ? undefined : value });
    return null;
  };
  const time = (field: "from" | "until") => (value: string) => {
    const at = value === "" ? undefined : Date.parse(value.replace(" ", "T"));
    if (Number.isNaN(at)) return "Write it as 2026-11-30 14:05.";
    onChange({ ...filter, [field]: at });
    return null;
  };
  const since = (value: string) => {
    const ms = SINCE.find((choice) => choice.value === value)?.ms ?? null;
    onChange({ ...filter, from: ms === null ? undefined : Date.now() - ms, until: undefined });
  };
  return (
    <form aria-label="Filter" className="mb-3 grid grid-cols-[repeat(3,minmax(0,1fr))_7rem_8rem_9.5rem_9.5rem_auto] items-start gap-2" onSubmit={(event) => event.preventDefault()}>
      <TextField label="Who" value={filter.actor ?? ""} commit={text("actor", 128)} />
      <TextField label="Action" value={filter.action ?? ""} commit={text("action", 64)} />
      <TextField label="Object" value={filter.object ?? ""} commit={text("object", 128)} />
      <SelectField
        label="Result" value={filter.outcome ?? ANY} options={[ANY, ...AUDIT_OUTCOMES].map((value) => ({ value, label: value }))}
        onChange={(value) => onChange({ ...filter, outcome: AUDIT_OUTCOMES.find((outcome) => outcome === value) })}
      />
      <SelectField label="When" value={filter.from === undefined ? ANY : "since"} onChange={since} options={filter.from === undefined ? SINCE : [...SINCE, { value: "since", label: "since …", disabled: true }]} />
      <TextField label="From" mono value={timeText(filter.from)} commit={time("from")} />
      <TextField label="Until" mono value={timeText(filter.until)} commit={time("until")} />
      <Button className="mt-5" look="quiet" onClick={() => onChange({})}>Clear</Button>
    </form>
  );
}

const two = (part: number): string => String(part).padStart(2, "0");

/** `2026-11-30 14:05`, where the person is. */
function timeText(at: number | undefined): string {
  if (at === undefined) return "";
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

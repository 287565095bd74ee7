import { useState } from "react";
import type { FormEvent } from "react";
import { useHydrated } from "../../ui/use-hydrated";
import { wireErrorOf } from "../../trpc/wire-error";

interface Failure {
  readonly message: string;
  /** By the name of the field. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Sends a form once at a time. What is wrong with a field stands beside it, everything else above the button. */
export function useForm(send: () => Promise<unknown>) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const hydrated = useHydrated();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await send();
    } catch (thrown) {
      const { publicMessage, issues = [] } = wireErrorOf(thrown);
      setFailure({ message: publicMessage, fields: Object.fromEntries(issues.map(({ path, message }) => [String(path[0]), message])) });
    } finally {
      setBusy(false);
    }
  };
  const of = (field: string): string | null => failure?.fields[field] ?? null;
  const general = failure && Object.keys(failure.fields).length === 0 ? failure.message : null;
  return { submit: (event: FormEvent) => void submit(event), busy, ready: hydrated && !busy, errorOf: of, error: general };
}

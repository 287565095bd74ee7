import type { CancelAnswer } from "@vpclab/shared/wire/api";
import { useCallback, useState } from "react";
import { toast } from "sonner";
import { useEditor } from "../canvas/state/editor-context";

/** Said where the progress itself does not show what comes of it. */
const WORDS: Readonly<Record<CancelAnswer["outcome"], string | null>> = {
  stopping: null,
  withdrawn: null,
  waiting: "The host is not connected. It is told to stop as soon as it is.",
  over: "Nothing was cancelled: the apply had ended already.",
};

/** Asks the host to begin no further step of what is under way. `answer`: what came of it, `asked` until then; null: nobody has asked. */
export function useCancel(): { readonly answer: CancelAnswer["outcome"] | "asked" | null; readonly cancel: () => void } {
  const { api } = useEditor();
  const [answer, setAnswer] = useState<CancelAnswer["outcome"] | "asked" | null>(null);
  const ask = useCallback(async () => {
    setAnswer("asked");
    try {
      const { outcome } = await api.cancel();
      setAnswer(outcome);
      if (WORDS[outcome] !== null) toast(WORDS[outcome]);
    } catch (thrown) {
      setAnswer(null);
      toast.error(api.failureOf(thrown).message);
    }
  }, [api]);
  const cancel = useCallback(() => void ask(), [ask]);
  return { answer, cancel };
}

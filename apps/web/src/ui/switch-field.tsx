import { Switch } from "radix-ui";
import { useId } from "react";
import type { ReactNode } from "react";

interface SwitchFieldProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
  readonly hint?: ReactNode;
}

export function SwitchField({ label, checked, onChange, hint }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="text-sm">{label}</label>
        <Switch.Root
          id={id}
          checked={checked}
          onCheckedChange={onChange}
          aria-describedby={hint ? `${id}-hint` : undefined}
          className="h-5 w-9 shrink-0 rounded-full border border-line-strong bg-raised data-[state=checked]:border-accent data-[state=checked]:bg-accent"
        >
          <Switch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-muted transition-transform duration-100 data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-on-accent" />
        </Switch.Root>
      </div>
      {hint ? <p id={`${id}-hint`} className="text-xs text-muted">{hint}</p> : null}
    </div>
  );
}

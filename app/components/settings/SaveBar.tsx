import { useBlocker } from "@remix-run/react";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";

/** What a section of the page does with its unsaved changes. */
type Unsaved = { save: () => void; discard: () => void };
type Register = (section: string, unsaved: Unsaved | null) => void;

const BAR = "settings-save-bar";
const Registering = createContext<Register>(() => undefined);

/** Shows the admin's save bar while a section has unsaved changes, and asks before they are lost. */
export function SaveBar({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const sections = useRef(new Map<string, Unsaved>());
  const [shown, setShown] = useState(false);
  const register = useCallback<Register>((section, unsaved) => {
    if (unsaved) sections.current.set(section, unsaved);
    else sections.current.delete(section);
    setShown(sections.current.size > 0);
  }, []);
  useEffect(() => {
    const bar = window.shopify?.saveBar;
    void (shown ? bar?.show(BAR) : bar?.hide(BAR));
  }, [shown]);
  useEffect(
    () => () => {
      void window.shopify?.saveBar.hide(BAR);
    },
    [],
  );
  useLeaveConfirmation(shown);
  const each = (what: keyof Unsaved) => () => {
    for (const section of [...sections.current.values()]) section[what]();
  };
  return (
    <Registering.Provider value={register}>
      {children}
      <ui-save-bar id={BAR}>
        <button {...{ variant: "primary" }} onClick={each("save")}>
          {t("settings.save")}
        </button>
        <button onClick={each("discard")}>{t("settings.discard")}</button>
      </ui-save-bar>
    </Registering.Provider>
  );
}

/** Registers a section's changes with the save bar of the page, for as long as there are any. */
export function useUnsaved(section: string, changed: boolean, { save, discard }: Unsaved): void {
  const register = useContext(Registering);
  const latest = useRef({ save, discard });
  useEffect(() => {
    latest.current = { save, discard };
  });
  useEffect(() => {
    if (!changed) return;
    register(section, {
      save: () => {
        latest.current.save();
      },
      discard: () => {
        latest.current.discard();
      },
    });
    return () => {
      register(section, null);
    };
  }, [register, section, changed]);
}

/** Links of the page itself are not seen by the admin, which asks about its own. */
function useLeaveConfirmation(unsaved: boolean): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      unsaved && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const asked = window.shopify?.saveBar.leaveConfirmation() ?? Promise.resolve();
    asked.then(
      () => {
        blocker.proceed();
      },
      () => {
        blocker.reset();
      },
    );
  }, [blocker]);
}

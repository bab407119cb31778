import type { DetailedHTMLProps, HTMLAttributes } from "react";

// App Bridge is loaded as a script from Shopify, not as a package; these are the parts we use.

type ToastOptions = {
  /** Milliseconds on screen. */
  duration?: number;
  isError?: boolean;
  /** The text of a button in the toast. */
  action?: string;
  onAction?: () => void;
};

type AppBridge = {
  toast: { show: (message: string, options?: ToastOptions) => string | undefined };
  loading: (isLoading?: boolean) => void;
  saveBar: {
    show: (id: string) => Promise<void>;
    hide: (id: string) => Promise<void>;
    /** Resolves when the merchant leaves or nothing is unsaved, rejects when the merchant stays. */
    leaveConfirmation: () => Promise<void>;
  };
};

declare global {
  // Only an interface can be merged with the browser's.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Window {
    /** Absent until Shopify's script has run, and outside the admin. */
    shopify?: AppBridge;
  }
}

declare module "react" {
  namespace JSX {
    // Only an interface can be merged with React's.
    // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
    interface IntrinsicElements {
      "ui-nav-menu": DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>;
      "ui-save-bar": DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>;
    }
  }
}

import { BlockStack, Modal, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

type Props = {
  open: boolean;
  title: string;
  /** Paragraphs that explain what will happen. */
  body: string[];
  /** Label of the button; names the action instead of "OK". */
  confirm: string;
  destructive?: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Explains an action and asks for a confirmation. */
export function ConfirmDialog({ open, title, body, confirm, onConfirm, onClose, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      open={open}
      onClose={onClose}
      title={title}
      primaryAction={{
        content: confirm,
        destructive: rest.destructive ?? false,
        onAction: () => {
          onClose();
          onConfirm();
        },
      }}
      secondaryActions={[{ content: t("app.cancel"), onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="300">
          {body.map((paragraph) => (
            <Text as="p" key={paragraph}>
              {paragraph}
            </Text>
          ))}
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

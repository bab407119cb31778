import { BlockStack, Modal, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

type Props = {
  open: boolean;
  title: string;
  /** What will happen, a paragraph each. */
  body: string[];
  /** Names the deed, not "OK". */
  confirm: string;
  destructive?: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Says what a press will do before it is done. */
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

"""The shell: base templates, components and static assets; nothing of the business."""

/* Whether an entry is of the object class that is expected of it. */
#ifndef DNDRIFT_PROBER_OBJECT_CLASS_H
#define DNDRIFT_PROBER_OBJECT_CLASS_H

#include "prober/probe.h"

/* The entry was read with WISH_CLASSES. What it lists is enough to fit; else the server, which knows the
 * superclasses, is asked. Fills object_class_answer and object_classes; *failure is of use for
 * OBJECT_CLASS_FAILED alone. false: the connection is lost. */
bool object_class_check(struct probe *probe, const struct entry *entry, const char *object_class,
                        struct observation *seen, struct failure *failure);
#endif

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

class QWidget;

namespace guide::viewer {

/// What a person reads on a widget, without marks of layout; the cells of a table by lines.
[[nodiscard]] QString text_of(const QWidget& widget);

/// The first text within `window` that is cut off where it can be seen, by name and words; empty
/// where none is.
[[nodiscard]] QString clipped_text(const QWidget& window);

}  // namespace guide::viewer

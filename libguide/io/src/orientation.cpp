// SPDX-License-Identifier: Apache-2.0
#include "orientation.hpp"

#include <utility>

namespace guide::io {
namespace {

template <class T>
Image<T> turned(const Image<T>& stored, const Turn& turn) {
    const bool t = turn.transposed;
    Image<T> read(t ? stored.height() : stored.width(), t ? stored.width() : stored.height());
    for (int y = 0; y < read.height(); ++y) {
        const int v = turn.upside_down ? read.height() - 1 - y : y;
        for (int x = 0; x < read.width(); ++x) {
            const int u = turn.left_right ? read.width() - 1 - x : x;
            read.at(x, y) = t ? stored.at(v, u) : stored.at(u, v);
        }
    }
    return read;
}

}  // namespace

PixelPoint stored_from_read(PixelPoint p, const Turn& turn, int width, int height) {
    if (turn.upside_down) p.y = height - 1 - p.y;
    if (turn.left_right) p.x = width - 1 - p.x;
    if (turn.transposed) std::swap(p.x, p.y);
    return p;
}

std::optional<Turn> turn_of_orientation(std::string_view letters) {
    if (letters.size() < 2 || letters.size() > 3) return std::nullopt;
    const auto lateral = [](char c) { return c == 'M' || c == 'U'; };
    const auto axial = [](char c) { return c == 'F' || c == 'N'; };
    char x = letters[0], y = letters[1];
    Turn turn;
    if (axial(x) && lateral(y)) {
        turn.transposed = true;
        std::swap(x, y);
    }
    if (!lateral(x) || !axial(y)) return std::nullopt;
    turn.left_right = x == 'M';  // x grows towards the mark: the mark is on the right
    turn.upside_down = y == 'N';
    return turn;
}

std::optional<Turn> turn_of_orientation_tag(unsigned tag) {
    // Where the stored first row and first column are shown: 1 top left, 2 top right, 3 bottom
    // right, 4 bottom left; 5 to 8 left top, right top, right bottom, left bottom.
    if (tag < 1 || tag > 8) return std::nullopt;
    Turn turn;
    turn.transposed = tag >= 5;
    turn.left_right = tag == 2 || tag == 3 || tag == 6 || tag == 7;
    turn.upside_down = tag == 3 || tag == 4 || tag == 7 || tag == 8;
    return turn;
}

std::string words_of(const Turn& turn) {
    std::string what;
    if (turn.transposed) what += " transposed,";
    if (turn.left_right) what += " mirrored left to right,";
    if (turn.upside_down) what += " mirrored top to bottom,";
    return what;
}

void apply_turn(Frame& frame, const Turn& turn) {
    if (!turn.any()) return;
    frame.intensity = turned(frame.intensity, turn);
    if (!frame.colour.empty()) frame.colour = turned(frame.colour, turn);
    if (turn.transposed && frame.spacing) std::swap(frame.spacing->x_mm, frame.spacing->y_mm);
    if (turn.transposed && frame.pixel_aspect) *frame.pixel_aspect = 1 / *frame.pixel_aspect;
    if (frame.image_to_reference) {
        Eigen::Matrix4d stored = Eigen::Matrix4d::Identity();
        const int w = frame.intensity.width(), h = frame.intensity.height();
        const PixelPoint origin = stored_from_read({0, 0}, turn, w, h);
        const PixelVector x = stored_from_read({1, 0}, turn, w, h) - origin;
        const PixelVector y = stored_from_read({0, 1}, turn, w, h) - origin;
        stored.topLeftCorner<2, 2>() << x.x, y.x, x.y, y.y;
        stored(0, 3) = origin.x;
        stored(1, 3) = origin.y;
        *frame.image_to_reference = *frame.image_to_reference * stored;
    }
}

}  // namespace guide::io

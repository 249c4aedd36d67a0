// SPDX-License-Identifier: Apache-2.0
#include "screen_words.hpp"

#include "glyphs.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace guide::segment {
namespace {

constexpr int kDimmest = 60;                 // levels of 255, of the brightest pixel of a word
constexpr double kEdge = 0.35;               // of the brightest nearby: where letters end
constexpr int kLowest = 7, kHighest = 36;    // px, of a capital letter
constexpr double kGap = 0.4;                 // of the letters' height: a wider one parts words
constexpr int kRows = 18;                    // that words are scaled to
constexpr int kNarrowest = 3, kWidest = 22;  // columns of a letter then
constexpr int kLargestCut = 5;               // columns between letters
constexpr int kCutReach = 2;                 // columns to either side of a cut have more ink
constexpr int kUsualNarrowest = 6, kUsualWidest = 22;  // columns of a letter, mean over a word
constexpr int kInk = 40;                               // levels of 255: less is ground
constexpr double kClear = 0.66;                        // likeness of a word, at least
constexpr double kClearer = 0.12;                      // than that of any other word
constexpr std::size_t kFewestLetters = 3;
constexpr const char* kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Boxes of what may be words: letters of a height in a row.
std::vector<cv::Rect> find_pieces(const cv::Mat1b& bright) {
    cv::Mat1i labels, boxes;
    cv::Mat1d middles;
    const int count = cv::connectedComponentsWithStats(bright, labels, boxes, middles);
    std::vector<cv::Rect> letters;
    for (int i = 1; i < count; ++i) {
        const cv::Rect r(boxes(i, cv::CC_STAT_LEFT), boxes(i, cv::CC_STAT_TOP),
                         boxes(i, cv::CC_STAT_WIDTH), boxes(i, cv::CC_STAT_HEIGHT));
        if (r.height >= kLowest && r.height <= kHighest && r.width <= 14 * r.height)
            letters.push_back(r);
    }
    std::sort(letters.begin(), letters.end(),
              [](const cv::Rect& a, const cv::Rect& b) { return a.x < b.x; });
    std::vector<cv::Rect> pieces;
    for (const cv::Rect& letter : letters) {
        const auto goes_on = [&](const cv::Rect& piece) {
            return letter.x <= piece.br().x + kGap * piece.height &&
                   std::abs(letter.y - piece.y) <= std::max(1.0, 0.2 * piece.height) &&
                   std::abs(letter.br().y - piece.br().y) <= std::max(1.0, 0.2 * piece.height);
        };
        const auto piece = std::find_if(pieces.begin(), pieces.end(), goes_on);
        if (piece == pieces.end()) {
            pieces.push_back(letter);
        } else {
            *piece |= letter;
        }
    }
    return pieces;
}

/// Where letters may begin and end: columns with no more ink than those beside them.
std::vector<int> find_cuts(const cv::Mat1b& piece) {
    cv::Mat1f ink;
    cv::reduce(piece, ink, 0, cv::REDUCE_SUM, CV_32F);
    std::vector<int> cuts{0};
    for (int x = 1; x + 1 < piece.cols; ++x) {
        float least = ink(0, x);
        for (int i = std::max(0, x - kCutReach); i <= std::min(piece.cols - 1, x + kCutReach); ++i)
            least = std::min(least, ink(0, i));
        if (ink(0, x) <= 1.02F * least) cuts.push_back(x);
    }
    cuts.push_back(piece.cols);
    return cuts;
}

/// A piece of text between its cuts; how alike a letter is to what lies between two of them is
/// worked out once.
class Piece {
  public:
    explicit Piece(cv::Mat1b picture) : picture_(std::move(picture)), cuts_(find_cuts(picture_)) {
        known_.resize(cuts_.size() * cuts_.size());
    }
    [[nodiscard]] const std::vector<int>& cuts() const { return cuts_; }
    [[nodiscard]] float likeness(std::size_t from, std::size_t to, char letter) {
        auto& known = known_[from * cuts_.size() + to];
        if (known.empty()) known = glyphs().likenesses(picture_.colRange(cuts_[from], cuts_[to]));
        return known[static_cast<std::size_t>(letter - 'A')];
    }

  private:
    static const Glyphs& glyphs() {
        static const Glyphs kGlyphs(kLetters);
        return kGlyphs;
    }
    cv::Mat1b picture_;
    std::vector<int> cuts_;
    std::vector<std::vector<float>> known_;
};

/// The mean likeness of the letters of `word`, cut where that is best.
double likeness_of(Piece& piece, const std::string& word) {
    constexpr float kNever = -1e9F;
    const auto& cuts = piece.cuts();
    const int n = cuts.back(), letters = static_cast<int>(word.size());
    if (n < letters * kUsualNarrowest || n > letters * kUsualWidest) return -1;
    // best[c]: of the letters so far, the last one ending at cut c.
    std::vector<float> best(cuts.size(), kNever), next(cuts.size());
    best[0] = 0;
    for (int i = 0; i < letters; ++i) {
        std::fill(next.begin(), next.end(), kNever);
        for (std::size_t end = 0; end < cuts.size(); ++end) {
            if (best[end] <= kNever) continue;
            for (std::size_t from = end;
                 from < cuts.size() && cuts[from] - cuts[end] <= (i == 0 ? 0 : kLargestCut);
                 ++from) {
                for (std::size_t to = from + 1; to < cuts.size(); ++to) {
                    const int width = cuts[to] - cuts[from];
                    if (width < kNarrowest) continue;
                    if (width > kWidest) break;
                    const float sum =
                        best[end] + piece.likeness(from, to, word[static_cast<std::size_t>(i)]);
                    next[to] = std::max(next[to], sum);
                }
            }
        }
        std::swap(best, next);
    }
    return best.back() / static_cast<float>(letters);
}

std::optional<ScreenWord> recognise(const cv::Mat1b& detail, const cv::Rect& box,
                                    const std::vector<std::string>& list) {
    cv::Mat1b piece;
    const int columns = std::max(1, box.width * kRows / box.height);
    cv::resize(detail(box), piece, cv::Size(columns, kRows), 0, 0, cv::INTER_AREA);
    cv::normalize(piece, piece, 0, 255, cv::NORM_MINMAX);
    Piece cut(piece);
    std::pair<double, const std::string*> best{-1, nullptr};
    double second = -1;
    for (const std::string& word : list) {
        const double likeness = likeness_of(cut, word);
        if (likeness > best.first) {
            second = best.first;
            best = {likeness, &word};
        } else {
            second = std::max(second, likeness);
        }
    }
    if (best.first < kClear || best.first < second + kClearer) return std::nullopt;
    return ScreenWord{*best.second, best.first, {box.x, box.y, box.br().x, box.br().y}};
}

}  // namespace

std::vector<ScreenWord> find_words(const cv::Mat1b& detail, const std::vector<std::string>& list) {
    cv::Mat1b brightest, bright(detail.size());
    cv::dilate(detail, brightest, cv::Mat::ones(kHighest / 2 + 1, kHighest + 1, CV_8U));
    for (int y = 0; y < detail.rows; ++y) {
        for (int x = 0; x < detail.cols; ++x) {
            const double edge = kEdge * std::max<int>(kDimmest, brightest(y, x));
            bright(y, x) = detail(y, x) > edge ? 255 : 0;
        }
    }
    std::vector<ScreenWord> words;
    for (const cv::Rect& box : find_pieces(bright)) {
        const double letters = static_cast<double>(box.width) / box.height;
        if (letters < 0.4 * kFewestLetters || letters > 16) continue;
        if (auto word = recognise(detail, box, list)) words.push_back(std::move(*word));
    }
    std::sort(words.begin(), words.end(), [](const ScreenWord& a, const ScreenWord& b) {
        const bool one_line = a.box.y0 < b.box.y1 && b.box.y0 < a.box.y1;
        return one_line ? a.box.x0 < b.box.x0 : a.box.y0 < b.box.y0;
    });
    return words;
}

}  // namespace guide::segment

// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "drawn_knee.hpp"
#include "radiograph_joint_space.hpp"
#include "radiograph_likeness.hpp"
#include "radiograph_measures.hpp"
#include "radiograph_search.hpp"

#include <guide/core/random.hpp>
#include <guide/segment/segment.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace {

using namespace guide;

/// A drawn knee that fills the frame, or one of half its width with soft tissue about it.
Frame knee_of(int size, bool small) {
    if (!small) return test::drawn({.size = size});
    const Frame part = test::drawn({.size = size / 2, .noise = 0});
    Random random(1);
    Frame frame;
    frame.modality = part.modality;
    frame.intensity = Image<float>(size, size);
    const int last = size / 2 - 1;
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            frame.intensity.at(x, y) = part.intensity.at(std::clamp(x - size / 4, 0, last),
                                                         std::clamp(y - size / 4, 0, last)) +
                                       static_cast<float>(3 * random.normal());
        }
    }
    return frame;
}

/// A radiograph, and what each stage hands to the next.
struct Radiograph {
    Frame frame;
    segment::RadiographField field;
    segment::CoarseBand coarse;
    segment::KneeBand knee;
    segment::Likeness like;

    Radiograph(int size, bool small) : frame(knee_of(size, small)) {
        if (small) return;  // searched for twice: its stages are those of the closer look
        field = segment::make_radiograph_field(frame.intensity.view());
        coarse = segment::search_coarsely(field, {}).value();
        knee = segment::search_finely(field, coarse).value();
        like = segment::likeness_of(knee);
    }
};

const Radiograph& radiograph(int size, bool small) {
    static std::map<std::pair<int, bool>, std::unique_ptr<Radiograph>> made;
    auto& one = made[{size, small}];
    if (!one) one = std::make_unique<Radiograph>(size, small);
    return *one;
}

/// A stage that says whether it found what is there.
bench::Prepare stage(const std::function<bool(const Radiograph&, const Execution&)>& work,
                     bool small = false) {
    return [=](const bench::Case& c) -> bench::Entry {
        const Radiograph& given = radiograph(c.width, small);
        auto found = std::make_shared<bool>(false);
        return {[=, &given] { *found = work(given, Execution{c.threads}); },
                [=] { return *found ? "" : "nothing was found"; }};
    };
}

bool finds_knee(const Radiograph& r, const Execution& e) {
    return segment::find_anatomy(r.frame, {View::xray_ap}, e).joint_space.has_value();
}

const bench::Lines kAlone{{{512, 512}, {1760, 1760}}, {1}},
    kBoth{{{512, 512}, {1760, 1760}}, {1, 2}};

const bench::Contest anatomy("find_anatomy_radiograph", {{"guide", stage(finds_knee)}}, kBoth);
const bench::Contest small_knee("find_anatomy_radiograph_small",
                                {{"guide", stage(finds_knee, true)}}, kBoth);
const bench::Contest field(
    "make_radiograph_field",
    {{"guide", stage([](const Radiograph& r, const Execution&) {
          return !segment::make_radiograph_field(r.frame.intensity.view()).grey.empty();
      })}},
    kAlone);
const bench::Contest coarse("search_coarsely",
                            {{"guide", stage([](const Radiograph& r, const Execution& e) {
                                  return segment::search_coarsely(r.field, e).has_value();
                              })}},
                            kBoth);
const bench::Contest fine("search_finely",
                          {{"guide", stage([](const Radiograph& r, const Execution&) {
                                return segment::search_finely(r.field, r.coarse).has_value();
                            })}},
                          kAlone);
const bench::Contest measures("joint_space_of",
                              {{"guide", stage([](const Radiograph& r, const Execution&) {
                                    return segment::joint_space_of(r.knee, r.like, r.field,
                                                                   r.frame.intensity.view(), true,
                                                                   Spacing{0.2, 0.2})
                                        .widths.has_value();
                                })}},
                              kAlone);

}  // namespace
